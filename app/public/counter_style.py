"""How the counter's page looks: made for a phone in one hand, with large targets and one thing to do at a time."""

STYLE = """<style>
main{padding-block-start:0}[hidden]{display:none!important}
.top{display:flex;align-items:center;gap:.75rem;min-block-size:2.75rem}.top h1{font-size:1.125rem;margin:0}
.top a{margin-inline-end:auto;text-decoration:none;
min-inline-size:2.75rem;display:inline-flex;align-items:center;min-block-size:2.75rem}
.drawn{flex:none;display:block}.center{text-align:center;justify-items:center}.center .drawn{margin-inline:auto}
section[data-screen]{display:grid;gap:.75rem;margin-block-start:.25rem}section h2{font-size:1.125rem;outline:none}
section button,section summary{margin:0}.head{display:flex;align-items:center;gap:.5rem}
.head h2{font-size:1.375rem;line-height:1.2}
.wide{inline-size:100%;min-block-size:3.25rem;justify-self:stretch;display:flex;align-items:center;
justify-content:center;gap:.625rem}
.plain{background:none;color:var(--accent)}.plain:hover,.round:hover{background:var(--sunk)}
.round{background:none;color:var(--ink);inline-size:2.75rem;padding:0;display:grid;place-items:center;
margin-inline-start:-.5rem}
.tile{background:var(--raised);color:var(--ink);border:1px solid var(--line);min-block-size:3.5rem;display:flex;
align-items:center;justify-content:center;gap:.625rem;padding:.5rem .75rem;line-height:1.25}
.tile .drawn{color:var(--accent)}
.row button{background:var(--raised);color:var(--ink);border:1px solid var(--field)}
.pair .tile{inline-size:100%;flex-direction:column;min-block-size:5.5rem;gap:.375rem}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:.75rem}
.huge{inline-size:100%;display:grid;justify-items:center;align-content:center;gap:.75rem;min-block-size:11rem;
border-radius:22px;font-size:1.25rem;box-shadow:var(--shade)}
[data-screen=receipt] .panel h2{font-size:1.75rem;line-height:1.2}
[data-screen=receipt] p.soft{margin-block:-.375rem 0;font-size:.9375rem}
#ways-to-prove{display:grid;gap:.75rem}.tier:empty{display:none}
[data-screen=proof] .huge{min-block-size:8.5rem}
.chip{border-radius:99px;background:var(--caution-tint);color:var(--caution);font-size:.8125rem;padding-inline:.875rem;
margin:0;min-block-size:2.75rem}
.row{display:flex;gap:.5rem;align-items:stretch}.row input{flex:1;min-inline-size:0}.row button{flex:none}
section form{gap:.5rem}section label{margin:0}[data-form=find] input,[data-form=voucher] input{min-block-size:3.25rem}
.money{position:relative;display:block}.money input{font-size:2rem;font-weight:700;min-block-size:4.25rem;
padding-inline:1rem 4.5rem;font-variant-numeric:tabular-nums}
.money span{position:absolute;inset-inline-end:1rem;inset-block:0;display:grid;place-items:center;color:var(--soft);
font-weight:600}
[dir=rtl] .money input{text-align:end}
details summary{display:inline-flex;align-items:center;min-block-size:2.75rem;color:var(--accent);cursor:pointer;
font-weight:600}
.member-card{border-radius:22px;padding:1.125rem;display:grid;grid-template-columns:1fr auto;gap:.25rem .75rem;
box-shadow:var(--shade)}
.member-card>*{grid-column:1/-1}.member-card b{grid-column:1;font-size:1.0625rem;align-self:center;
overflow-wrap:anywhere}
.member-card .tier{grid-column:2;grid-row:1;background:rgb(255 255 255/.15);border-radius:99px;padding:.25rem .75rem;
font-size:.875rem;font-weight:600}
.member-card strong{font-size:1.75rem;line-height:1.15;margin-block-start:.25rem;font-variant-numeric:tabular-nums}
.member-card span:not(.tier){color:var(--card-soft);font-size:.875rem;white-space:pre-line}
#said:not(:empty){background:var(--caution-tint);color:var(--caution);border-radius:14px;padding:.75rem 1rem;
font-weight:500;margin-block-start:.25rem}
.why,.choices{list-style:none;margin:0;padding:0;display:grid;gap:.5rem}
.why li{display:grid;grid-template-columns:1fr auto;gap:0 .75rem;padding-block:.625rem;
border-block-end:1px solid var(--line)}
.why li span{grid-column:1}.why b{font-variant-numeric:tabular-nums;color:var(--good)}
.why:empty{display:none}.sum{font-size:1.125rem;font-weight:600;margin:0;font-variant-numeric:tabular-nums}
.sum:empty,p:empty{display:none}
.good .drawn{color:var(--good)}.panel{margin-block:0}
.choices button{inline-size:100%;justify-content:space-between;text-align:start;min-block-size:3.75rem}
.choices .soft{font-weight:400;white-space:nowrap}
.kept{display:grid;gap:.375rem;background:var(--raised);border:1px solid var(--line);border-radius:18px;
padding:.875rem 1rem}
.kept div{display:flex;flex-wrap:wrap;gap:.5rem}.kept div button{inline-size:auto;min-block-size:2.75rem}
.kept .said{color:var(--caution)}
.tick{display:flex;gap:.75rem;align-items:center;color:inherit;font-size:1rem;font-weight:600;min-block-size:3rem;
cursor:pointer}
.tick input{inline-size:1.5rem;block-size:1.5rem;min-block-size:1.5rem;flex:none;margin:0;accent-color:var(--accent)}
blockquote{margin:0;padding:.875rem 1rem;background:var(--sunk);border-radius:14px}
.camera{position:relative;aspect-ratio:3/4;max-block-size:60dvh;inline-size:100%;background:#000;border-radius:22px;
overflow:hidden}
.camera video{inline-size:100%;block-size:100%;object-fit:cover;display:block}
.camera i{position:absolute;inset:18%;border:3px solid #fff;border-radius:22px;box-shadow:0 0 0 999px rgb(0 0 0/.35)}
button[aria-busy=true]{opacity:.6;pointer-events:none}
@media (prefers-color-scheme:dark){.tier-1{--card-from:#63503f;--card-to:#3f3125}
.tier-2{--card-from:#37574a;--card-to:#203a30}.tier-3{--card-from:#6f5218;--card-to:#463410}
.tier-4{--card-from:#573a5d;--card-to:#37233c}}
</style>"""
