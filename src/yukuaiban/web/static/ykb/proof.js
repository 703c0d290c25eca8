// 验证存证: judges the proof of a case in the browser. Nothing is sent but what the form fetches; no file leaves the computer.
import { ed25519 } from "./ed25519.js";

const MOST_BYTES = 20_000_000;
const $ = (id) => document.getElementById(id);
const page = $("proof"), said = $("said"), form = $("fetch");
const words = $("words").content, keys = JSON.parse(page.dataset.keys), titles = JSON.parse(page.dataset.titles);
const { spare, readNote, verifyProof } = await import(page.dataset.verifier);
spare.ed25519 = ed25519;

// The sentence of that name with its blanks filled in; sentences stand in the page, in its language.
function word(name, blanks = {}) {
  const found = words.querySelector(`[data-word="${name}"]`);
  return found ? found.textContent.replace(/\{(\w+)\}/g, (_, blank) => blanks[blank] ?? "") : "";
}
function element(tag, css, text) {
  const made = document.createElement(tag);
  if (css) made.className = css;
  if (text !== undefined) made.textContent = text;
  return made;
}
const ICONS = { whole: "check", bad: "x" }, SVG = "http://www.w3.org/2000/svg";
function icon(name) { // of the sprite; it stands beside its word
  const made = document.createElementNS(SVG, "svg"), use = document.createElementNS(SVG, "use");
  made.setAttribute("class", "yk-ico");
  made.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#i-${name}`);
  made.append(use);
  return made;
}
const moments = new Intl.DateTimeFormat("sv-SE", { timeZone: page.dataset.zone, dateStyle: "short", timeStyle: "short" });
const moment = (text) => moments.format(new Date(text.replace(/\.\d+Z$/, "Z")));

// One answer: `kind` is whole, part, wait, bad or none; the rest stands below the sentence.
function show(kind, name, blanks = {}, below = []) {
  said.hidden = false;
  said.dataset.kind = kind;
  const head = element("h2", "", word(`head_${kind}`));
  head.prepend(icon(ICONS[kind] ?? "info"));
  said.replaceChildren(head, element("p", "pf-say", word(name, blanks)), ...below);
  said.focus();
}
function facts(pairs) {
  const list = element("dl", "yk-facts pf-facts");
  for (const [name, value] of pairs) if (value) list.append(element("dt", "", word(name)), element("dd", "num", value));
  return list;
}

// ------------------------------------------------------------------------------------------------ judging
const squeezed = (id) => $(id).value.replace(/\s/g, "");
function receipt() {
  const number = squeezed("number").toUpperCase(), hash = squeezed("hash").toLowerCase();
  return { number, hash, odd: Boolean(hash) && !/^[0-9a-f]{16}$/.test(hash) };
}
function parsed(text) {
  try {
    const found = JSON.parse(text);
    const whole = found?.v === 1 && Array.isArray(found.events) && typeof found.checkpoint?.sha256 === "string";
    return whole && typeof found.stream === "string" ? found : null;
  } catch {
    return null;
  }
}
async function judge(text) {
  const proof = parsed(text), printed = receipt();
  if (printed.odd) return show("none", "odd_hash");
  if (!proof) return show("none", "no_proof");
  try {
    const { origin } = readNote(proof.checkpoint.sha256);
    if (origin !== page.dataset.origin) return show("none", "foreign", { origin });
    const number = printed.number || proof.stream.replace(/^case:/, "");
    const asked = printed.number || printed.hash ? { number, hash: printed.hash } : null;
    tell(proof, await verifyProof({ ...proof, keys }, asked), printed.hash);
  } catch (error) {
    show("none", error instanceof TypeError ? "no_proof" : "unreadable", { why: error.message });
  }
}
function tell(proof, result, hash) {
  const events = proof.events.map(({ text, index }) => ({ index, ...event(text) }));
  const waiting = Number(proof.waiting) || 0, { first_bad: bad } = result;
  const below = [summary(proof, result, hash, waiting), story(events, bad)];
  const unsigned = result.skipped.filter((each) => each.startsWith(page.dataset.origin));
  if (result.ok && unsigned.length) return show("part", "unsigned", { n: events.length }, below);
  if (result.ok) return show("whole", "whole", { n: events.length }, below);
  // The newest events get their place within a minute; until then the receipt is ahead of the proof.
  if (waiting && Object.keys(result.faults).join() === "hash") return show("wait", "waiting", { n: waiting }, below);
  const at = events.find((each) => bad.index !== null && each.index === bad.index);
  const name = at ? "changed_at" : bad.fault === "hash" ? "not_the_receipt" : "changed";
  const why = (at && word(`fault_${bad.fault}`)) || bad.why;
  return show("bad", name, { ...at, why }, below);
}
function event(text) {
  try {
    const { seq, type, recorded_at } = JSON.parse(text);
    return { seq, title: titles[type] ?? type, at: moment(recorded_at) };
  } catch {
    return { seq: "？", title: word("illegible"), at: "" };
  }
}
function summary(proof, result, hash, waiting) {
  const note = readNote(proof.checkpoint.sha256), root = [...note.root].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return facts([
    ["number", proof.stream.replace(/^case:/, "")],
    ["receipt", word(hash ? "compared" : "not_compared")],
    ["checkpoint", word("at_size", { size: note.size, root: root.slice(0, 8) })],
    ["witnesses", result.witnesses.join("、") || word("no_witness")],
    ["skipped", result.skipped.join("；")],
    ["left", waiting ? word("left_out", { n: waiting }) : ""],
  ]);
}
function story(events, bad) {
  const box = element("details", "pf-story"), list = element("ol", "pf-events");
  box.open = Boolean(bad);
  box.append(element("summary", "", word("story", { n: events.length })), list);
  for (const each of events) {
    const wrong = bad !== null && bad.index !== null && bad.index === each.index;
    const line = element("li", wrong ? "is-bad" : "", word("line", each));
    if (wrong) line.append(element("b", "", word("here")));
    list.append(line);
  }
  return box;
}

// ------------------------------------------------------------------------------- where a proof comes from
async function read(file) {
  if (!file) return;
  if (file.size > MOST_BYTES) show("none", "too_large");
  else await judge(await file.text());
}
form.addEventListener("submit", async (submitted) => {
  submitted.preventDefault();
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (answer.ok) await judge(await answer.text());
    else show("none", `status_${answer.status}`, { n: answer.headers.get("Retry-After") ?? 60 });
  } catch {
    show("none", "away");
  }
});
const drop = $("drop"), file = $("file");
file.addEventListener("change", () => read(file.files[0]));
drop.addEventListener("dragover", (dragged) => dragged.preventDefault());
drop.addEventListener("drop", (dropped) => {
  dropped.preventDefault();
  read(dropped.dataTransfer.files[0]);
});
$("judge").addEventListener("click", () => judge($("pasted").value));

// The code of a receipt says `#case=NUMBER&h=HASH`: what follows the # is never sent, so it stands in no log.
function scanned() {
  const given = new URLSearchParams(location.hash.slice(1));
  if (!given.has("case")) return;
  $("number").value = given.get("case");
  $("hash").value = given.get("h") ?? "";
  $("code").focus();
}
addEventListener("hashchange", scanned);
scanned();
page.dataset.ready = "1";
