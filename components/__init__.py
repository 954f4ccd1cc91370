"""How it looks: functions of Vars and cards that give elements. No State, no database.

How to build a page with them (staff pages too):

    from components.primitives import button, chip, icon, panel, section, skeleton
    from components.states import empty, failed
    from components.words import t
    from app.frame.staff import staff_page

    def page() -> rx.Component:
        return staff_page(
            t("Rewards"),                                   # the heading
            section(t("In the catalogue"), rx.foreach(CatalogueState.rows, row)),
            path="/staff/rewards",                          # lights its entry in the navigation
            actions=[button(t("New reward"), on_click=CatalogueState.start)],
            aside=preview(),                                # what the change does, beside it on wide screens
            notice=(CatalogueState.said, CatalogueState.hush),   # our sentence and what closes it; "" shows none
        )

Texts: every word goes through `t("English sentence")`; it is looked up while the page is compiled for a language,
so no sentence may be put together in the browser. What depends on data comes finished on a card.

Classes: literal strings with our tokens only (`bg-surface bg-raised bg-sunk border-line text-ink text-soft bg-accent
text-on-accent bg-accent-tint text-good bg-good-tint text-caution bg-caution-tint`), sizes `text-display text-title
text-section text-body text-small`, corners `rounded-card rounded-panel rounded-button rounded-chip`, start and end
instead of left and right. What can be touched is at least 44 px (`min-h-11`). Numbers that change: `tabular-nums`.

Modules: `primitives` (button, link_button, chip, panel, section, bar, ring, icon, drawing, skeleton, notice),
`fields` (field, text_field, number_field, select_field, area_field), `modal` (a native dialog), `states` (empty,
failed), `member_card`, `rewards`, `entries`, `words`.
"""
