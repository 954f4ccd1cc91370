"""What the columns of another programme's export mean: the map of `regulars import members`, in TOML, checked first."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from app.cli.imports.mapping import MAPS, Csv, Where, read_as, zone_name
from members.consents import BY_NAME

MEMBER_MAPS = MAPS / "members"
YES = ("yes", "true", "1", "y", "t")
NO = ("no", "false", "0", "n", "f", "")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PeopleColumns(_Strict):
    """Who a row is about. `name` may be several columns, put together; `region` is where phone numbers are dialled.

    `dates` are the forms in which the file writes dates and times (Python's strptime); without them ISO 8601.
    """

    id: str = ""
    email: str = ""
    phone: str = ""
    region: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""
    name: str | tuple[str, ...] = ()
    birthday: str = ""
    language: str = ""
    joined: str = ""
    dates: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _somebody(self) -> PeopleColumns:
        if not (self.id or self.email or self.phone):
            raise ValueError("says nobody: give id, email or phone")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the name."""
        return (self.name,) if isinstance(self.name, str) else self.name


class LotColumns(_Strict):
    """Points that came together: how many, their last day, and since when they are there."""

    points: str
    expires: str = ""
    since: str = ""
    promotional: bool = False
    lasts: bool = False


class TierColumns(_Strict):
    """A tier and its last day. `names` says what their tiers are called here; those in `none` are no tier."""

    name: str
    until: str = ""
    names: dict[str, str] = {}
    none: tuple[str, ...] = ()


class ConsentColumns(_Strict):
    """That somebody agreed: to what, when, and to which text. Without a time and a version nothing is believed."""

    purpose: str
    channel: str
    given: str
    at: str
    yes: tuple[str, ...] = YES
    no: tuple[str, ...] = NO
    version: str = ""
    version_column: str = ""
    text: str = ""

    @model_validator(mode="after")
    def _is_one_of_ours(self) -> ConsentColumns:
        purpose = BY_NAME.get(self.purpose)
        if purpose is None or self.channel not in purpose.channels:
            known = ", ".join(
                f"{one.name} by {channel}" for one in BY_NAME.values() for channel in one.channels
            )
            raise ValueError(f"nobody can agree to {self.purpose} by {self.channel} here; there are: {known}")
        if bool(self.version) == bool(self.version_column):
            raise ValueError("give either version, the same for all, or version_column")
        return self


class PastColumns(_Strict):
    """The second file: what came and went, one row each. `member` is the id (or the e-mail) of the first file."""

    member: str
    member_is: Literal["id", "email"] = "id"
    id: str = ""
    at: str
    points: str
    reason: str = ""
    dates: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All that it reads."""
        return tuple(name for name in (self.member, self.id, self.at, self.points, self.reason) if name)


class MemberMap(_Strict):
    """A whole map (see docs/moving-in.md). `may_lack` are columns that some exports do not have."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
    source: Annotated[str, Field(max_length=200)] = ""
    zone: Annotated[str, AfterValidator(zone_name)] = ""
    several_rows: bool = False
    may_lack: tuple[str, ...] = ()
    csv: Csv = Csv()
    member: PeopleColumns
    lot: tuple[LotColumns, ...] = ()
    tier: TierColumns | None = None
    consent: tuple[ConsentColumns, ...] = ()
    skip: tuple[Where, ...] = ()
    history: PastColumns | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of the first file that the map reads, each once."""
        who = self.member
        names = [who.id, who.email, who.phone, *who.names, who.birthday, who.language, who.joined]
        names += [name for lot in self.lot for name in (lot.points, lot.expires, lot.since)]
        names += [self.tier.name, self.tier.until] if self.tier else []
        names += [name for one in self.consent for name in (one.given, one.at, one.version_column)]
        names += [where.column for where in self.skip]
        return tuple(dict.fromkeys(name for name in names if name))


def read_member_map(path: Path) -> MemberMap:
    """The map at `path`, or a ready one by its name. Refuses with the place and what is wrong."""
    return read_as(MemberMap, path, MEMBER_MAPS)
