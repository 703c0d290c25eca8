// The second verifier of the journal (journal/1): plain JavaScript, no dependency, Node 18+ or a browser.
//   node verify.mjs DIR|FILE [OLD.txt ...]   an export with checkpoints kept from earlier, or the proof of one case
// Prints one JSON document. Exit 0: whole. 1: something was changed, `first_bad` says where. 2: cannot be read at all.
// Written from the description of the format, journal/1, not from the program that writes it.

const NODE = typeof process === "object" && Boolean(process.versions?.node);
const utf8 = new TextEncoder(), strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
export const hex = (bytes) => bytes.reduce((text, byte) => text + PAIRS[byte], "");
const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);

// ---------------------------------------------------------------------------------------- SHA-256 and SM3
const primes = [...Array(312).keys()].filter((n) => n > 1 && ![...Array(n).keys()].some((d) => d > 1 && n % d === 0));
const fraction = (x) => ((x % 1) * 2 ** 32) | 0;
const SHA_K = Int32Array.from(primes, (p) => fraction(Math.cbrt(p))), SHA_START = primes.map((p) => fraction(Math.sqrt(p)));
const SM3_START = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e];
const left = (x, n) => (x << n) | (x >>> -n); // a shift counts modulo 32
const SM3_T = Int32Array.from(primes, (_, j) => left(j < 16 ? 0x79cc4519 : 0x7a879d8a, j)), W = new Int32Array(68);
function shaBlock(s) {
  for (let i = 16; i < 64; i++) {
    const x = W[i - 15], y = W[i - 2];
    W[i] = W[i - 16] + W[i - 7] + (left(x, 25) ^ left(x, 14) ^ (x >>> 3)) + (left(y, 15) ^ left(y, 13) ^ (y >>> 10));
  }
  let a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
  for (let i = 0; i < 64; i++) {
    const t = (h + (left(e, 26) ^ left(e, 21) ^ left(e, 7)) + ((e & f) ^ (~e & g)) + SHA_K[i] + W[i]) | 0;
    const u = ((left(a, 30) ^ left(a, 19) ^ left(a, 10)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t) | 0; d = c; c = b; b = a; a = (t + u) | 0;
  }
  s[0] += a; s[1] += b; s[2] += c; s[3] += d; s[4] += e; s[5] += f; s[6] += g; s[7] += h;
}
function sm3Block(s) {
  for (let i = 16; i < 68; i++) {
    const x = W[i - 16] ^ W[i - 9] ^ left(W[i - 3], 15);
    W[i] = x ^ left(x, 15) ^ left(x, 23) ^ left(W[i - 13], 7) ^ W[i - 6];
  }
  let a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
  for (let i = 0; i < 64; i++) {
    const a12 = left(a, 12), one = left((a12 + e + SM3_T[i]) | 0, 7);
    const ff = i < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c), gg = i < 16 ? e ^ f ^ g : (e & f) | (~e & g);
    const t = (ff + d + (one ^ a12) + (W[i] ^ W[i + 4])) | 0, u = (gg + h + one + W[i]) | 0;
    d = c; c = left(b, 9); b = a; a = t;
    h = g; g = left(f, 19); f = e; e = u ^ left(u, 9) ^ left(u, 17);
  }
  s[0] ^= a; s[1] ^= b; s[2] ^= c; s[3] ^= d; s[4] ^= e; s[5] ^= f; s[6] ^= g; s[7] ^= h;
}
function hashOf(first, block) {
  const start = Int32Array.from(first.slice(0, 8));
  return (...parts) => {
    const length = parts.reduce((sum, part) => sum + part.length, 0), state = start.slice();
    const padded = new Uint8Array((((length + 8) >>> 6) + 1) << 6), view = new DataView(padded.buffer);
    parts.reduce((at, part) => { padded.set(part, at); return at + part.length; }, 0);
    padded[length] = 0x80; view.setBigUint64(padded.length - 8, BigInt(length) * 8n);
    for (let at = 0; at < padded.length; at += 64) {
      for (let i = 0; i < 16; i++) W[i] = view.getInt32(at + i * 4);
      block(state);
    }
    state.forEach((word, i) => view.setInt32(i * 4, word));
    return padded.slice(0, 32);
  };
}
export const HASHES = { sha256: hashOf(SHA_START, shaBlock), sm3: hashOf(SM3_START, sm3Block) }, spare = { ed25519: null };

// ---------------------------------------------------------------------------- the tree of RFC 6962 and its proofs
const ZERO = Uint8Array.of(0), ONE = Uint8Array.of(1), NONE = new Uint8Array(0);
export const leafOf = (hash, text) => hash(ZERO, text);
const nodeOf = (hash, a, b) => hash(ONE, a, b);
const split = (n) => 2 ** Math.ceil(Math.log2(n) - 1); // the largest power of two below n
export class Tree {
  size = 0; parts = [];
  constructor(hash) { this.hash = hash; }
  add(leaf) {
    for (let n = this.size++; n % 2; n = (n - 1) / 2) leaf = nodeOf(this.hash, this.parts.pop(), leaf);
    this.parts.push(leaf);
  }
  root() { return this.size ? this.parts.reduceRight((right, part) => nodeOf(this.hash, part, right)) : this.hash(); }
}
// A part that a proof lacks counts as no bytes at all, which no root was ever made of.
export function included(hash, leaf, index, size, proof, root) {
  const path = [...proof];
  const climb = (at, n) => {
    if (n === 1) return leaf;
    const k = split(n), part = path.pop() ?? NONE;
    return at < k ? nodeOf(hash, climb(at, k), part) : nodeOf(hash, part, climb(at - k, n - k));
  };
  return index >= 0 && index < size && same(climb(index, size), root) && !path.length;
}
export function consistent(hash, old, size, oldRoot, root, proof) {
  const path = [...proof];
  const climb = (m, n, complete) => { // the roots of the first m and of all n leaves
    if (m === n) return Array(2).fill(complete ? oldRoot : path.pop() ?? NONE);
    const k = split(n), part = path.pop() ?? NONE;
    if (m > k) return climb(m - k, n - k, false).map((found) => nodeOf(hash, part, found));
    const [first, second] = climb(m, k, complete);
    return [first, nodeOf(hash, second, part)];
  };
  const [first, second] = old >= 1 && old <= size ? climb(old, size, true) : [NONE, NONE];
  return same(first, oldRoot) && same(second, root) && !path.length;
}

// ------------------------------------------------------------------------------- checkpoints as signed notes (C2SP)
const NOTE = /^(.+)\n(0|[1-9]\d{0,14})\n([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)\n(?:.*\n)*\n((?:— [^\s+]+ \S+\n)+)$/;
function base64(text) {
  if (text.length % 4 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw new Error("不是 Base64");
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}
export function readNote(text) {
  const [, origin, size, root, tail] = NOTE.exec(text) ?? [];
  if (!origin) throw new Error("检查点应为来源、条数、32 字节的根、空行和“— 名称 签名”");
  const signatures = tail.slice(0, -1).split("\n").map((line) => {
    const [, name, data] = line.split(" "), raw = base64(data);
    return { name, id: hex(raw.slice(0, 4)), data: raw.slice(4) };
  });
  const kind = origin.endsWith("/sm3") ? "sm3" : "sha256", signed = text.slice(0, -tail.length - 1);
  return { origin, kind, size: Number(size), root: base64(root), signatures, text: signed };
}
export function readKey(line) {
  const [, name, id, data] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(line.trim()) ?? [], key = data && base64(data);
  if (!key || key.length < 2 || hex(HASHES.sha256(utf8.encode(`${name}\n`), key).slice(0, 4)) !== id) {
    throw new Error("公钥行应为“名称+编号+公钥”，编号与名称、公钥相符");
  }
  return { name, id, type: key[0], key: key.slice(1) };
}
// True, false, or null where neither this place (an old browser, a page without https) nor a `spare` can check Ed25519.
async function ed25519(key, signature, text) {
  if (key.length !== 32 || signature.length !== 64) return false;
  try {
    const { subtle } = globalThis.crypto ?? (await import("node:crypto")).webcrypto;
    const taken = await subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return await subtle.verify({ name: "Ed25519" }, taken, signature, text);
  } catch (error) {
    return error.name === "DataError" ? false : spare.ed25519?.(key, signature, text) ?? null;
  }
}
async function checkNote(note, keys, report) {
  let signed = false;
  for (const { name, id, data } of note.signatures) {
    const key = keys.find((each) => each.name === name && each.id === id), witness = key?.type === 4;
    const at = witness && BigInt(`0x${hex(data.slice(0, 8))}`);
    const text = witness ? `cosignature/v1\ntime ${at}\n${note.text}` : note.text;
    const good = witness || key?.type === 1 ? await ed25519(key.key, data.slice(witness ? 8 : 0), utf8.encode(text)) : null;
    if (good === false) report.bad(witness ? "cosignature" : "signature", `${name} 的签名不成立`);
    if (good === null) report.skipped.add(`${name} 的签名（${key ? "这里不能计算" : "没有它的公钥"}）`);
    if (good && witness) report.witnesses.add(name);
    signed ||= Boolean(key) && !witness && name === note.origin;
  }
  if (!signed) report.bad("signature", `没有 ${note.origin} 自己的签名，或缺少它的公钥`);
}

// ----------------------------------------------------------------------------------------------- events and chains
function canonical(value) {
  if (typeof value === "string") {
    if (/[^\x00-\x7f]/.test(value) && (/\p{Surrogate}/u.test(value) || value !== value.normalize("NFC"))) {
      throw new Error("文字不是 NFC，或含不成对的代理字符");
    }
    return JSON.stringify(value);
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new Error("数须为 ±(2^53−1) 以内的整数");
  if (value === null || typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  return `{${Object.keys(value).sort().map((key) => {
    if (!/^[A-Za-z0-9_]+$/.test(key)) throw new Error("键只能由英文字母、数字和下划线组成");
    return `"${key}":${canonical(value[key])}`;
  }).join(",")}}`;
}
const like = (pattern) => (value) => typeof value === "string" && pattern.test(value);
const or = (test) => (value) => value === null || test(value), whole = (value) => Number.isSafeInteger(value) && value > 0;
const name = like(/^[a-z]+(:\S+)?$/), digest = or(like(/^[0-9a-f]{64}$/)), words = or(like(/./s));
const shape = like(/^\d{4}(-\d\d){2}T\d\d(:\d\d){2}\.\d{6}Z$/);
const moment = (value) => shape(value) && new Date(Date.parse(value) || 0).toISOString().slice(0, 19) === value.slice(0, 19);
const FORMS = {
  v: (value) => value === 1, uid: like(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/), stream: name, seq: whole,
  type: like(/^[a-z][a-z0-9_-]*\.[a-z][a-z0-9_]*$/), schema: whole, actor: name, agency: words, role: words,
  on_behalf_of: or(name), second_actor: or(name), source: name, idem: words, recorded_at: moment, occurred_at: or(moment),
  body: (value) => typeof value === "object" && value !== null && !Array.isArray(value), secret: digest, prev: digest,
};
export function readEvent(bytes) {
  const text = strict.decode(bytes), event = JSON.parse(text);
  if (canonical(event) !== text) throw new Error("键须排序且不重复，不留空格，只用规定的转义");
  const odd = Object.keys(FORMS).find((key) => !Object.hasOwn(event ?? {}, key) || !FORMS[key](event[key]));
  if (odd || Object.keys(event).length !== 18) throw new Error(`${odd ?? "键"} 不合 journal/1 的规定`);
  return event;
}
export class Report {
  first = null; faults = {}; events = 0; skipped = new Set(); streams = new Map(); witnesses = new Set();
  bad(fault, why, index = null, { uid = null, stream = null, seq = null } = {}) {
    this.faults[fault] = (this.faults[fault] ?? 0) + 1;
    this.first ??= { index, uid, stream, seq, fault, why };
  }
  follow(bytes, index) { // one event at its place; gives the SHA-256 of its leaf
    const leaf = leafOf(HASHES.sha256, bytes);
    this.events++;
    try {
      const event = readEvent(bytes), { seq, leaf: link, at } = this.streams.get(event.stream) ?? { seq: 0, at: "" };
      const bad = (fault, why) => this.bad(fault, why, index, event);
      if (event.seq <= seq) bad("fork", `序号 ${event.seq} 出现两次或次序颠倒`);
      else if (event.seq > seq + 1) bad("gap", `序号 ${seq + 1} 起缺失`);
      else if ((link ? hex(link) : null) !== event.prev) bad("chain", `prev 不是序号 ${seq} 的哈希：这一条或上一条被改过`);
      else if (event.recorded_at < at) bad("time", "recorded_at 早于上一条");
      this.streams.set(event.stream, { seq: event.seq, leaf, at: event.recorded_at });
    } catch (error) {
      this.bad("not_canonical", `不是规范形式：${error.message}`, index);
    }
    return leaf;
  }
  done(size) {
    const { first: first_bad, faults, events, streams } = this, lists = { skipped: [...this.skipped], witnesses: [...this.witnesses] };
    return { ok: !first_bad, events, streams: streams.size, size, first_bad, faults, ...lists };
  }
}

// ------------------------------------------------------------------------------------------- an export, one proof
// The newest notes, SHA-256 first, SM3 where there is one; both must speak of one journal at one size.
function readNotes(texts, report) {
  const notes = texts.map(readNote), [first, second] = notes;
  if (first?.kind !== "sha256") throw new Error("缺少 SHA-256 的检查点");
  if (!second) report.skipped.add("SM3 的根（没有 SM3 的检查点）");
  else if (second.size !== first.size || second.origin !== first.origin.replace(/sha256$/, "sm3")) {
    report.bad("root", "两个检查点不是同一本账本、同一条数");
  }
  return notes;
}
// `read(name)` gives the bytes of a file, `names` are the files there, `old` notes kept from earlier days.
export async function verifyExport(read, names, old = []) {
  const report = new Report(), seen = new Map();
  const take = async (file) => {
    const bytes = await read(file);
    seen.set(file, `${bytes.length} ${hex(HASHES.sha256(bytes))}`);
    return bytes;
  };
  const decode = async (file) => strict.decode(await take(file)), { files } = JSON.parse(await decode("MANIFEST.json"));
  const keys = (await decode("keys.txt")).split("\n").filter(Boolean).map(readKey);
  const texts = [await decode("checkpoint-sha256.txt")];
  if (names.includes("checkpoint-sm3.txt")) texts.push(await decode("checkpoint-sm3.txt"));
  const notes = readNotes(texts, report), { size } = notes[0], good = { sha256: 0, sm3: 0 }, trees = {};
  for (const { kind } of notes) trees[kind] = new Tree(HASHES[kind]);
  let index = 0;
  const marks = [...notes, ...old].filter((note) => trees[note.kind]), compare = () => {
    for (const note of marks) {
      if (note.size === index && same(trees[note.kind].root(), note.root)) good[note.kind] = index;
      else if (note.size === index) report.bad("root", `前 ${index} 条的根与检查点不符：第 ${good[note.kind]} 条（从 0 数）以后有改动`);
    }
  };
  compare();
  for (const file of names.filter((each) => /^events-\d+\.jsonl$/.test(each)).sort()) {
    for (let start = 0, end, bytes = await take(file); start < bytes.length; start = end + 1) {
      end = bytes.indexOf(10, start) >>> 0; // without a line feed: far behind the end
      const line = bytes.subarray(start, end);
      trees.sha256.add(report.follow(line, index++));
      trees.sm3?.add(leafOf(HASHES.sm3, line));
      compare();
    }
  }
  if (index !== size) report.bad("leaf", `检查点有 ${size} 条，文件里有 ${index} 条`, Math.min(index, size));
  for (const note of [...notes, ...old]) {
    await checkNote(note, keys, report);
    if (note.size > size) report.bad("rollback", `旧检查点有 ${note.size} 条，现在的只有 ${size} 条`);
  }
  for (const file of files) {
    if (!seen.has(file.name) && names.includes(file.name)) await take(file.name);
    if (seen.get(file.name) !== `${file.size} ${file.sha256}`) report.bad("file", `文件 ${file.name} 缺失或被改过`);
  }
  return report.done(size);
}
// `receipt` is null or {number, hash}: what the code on the receipt of a case says.
export async function verifyProof({ stream, events, checkpoint, keys }, receipt = null) {
  const report = new Report(), hashes = [], known = keys.map(readKey);
  const notes = readNotes([checkpoint.sha256, checkpoint.sm3].filter(Boolean), report);
  for (const { text, index, proof } of events) {
    const bytes = utf8.encode(text);
    hashes.push(hex(report.follow(bytes, index)));
    for (const note of notes) {
      const hash = HASHES[note.kind], path = (proof[note.kind] ?? []).map(unhex);
      const good = included(hash, leafOf(hash, bytes), index, note.size, path, note.root);
      if (!good) report.bad("root", "这一条不在检查点所签的树里，或被改过", index, { stream });
    }
  }
  for (const note of notes) await checkNote(note, known, report);
  if (report.streams.size !== 1 || !report.streams.has(stream)) report.bad("chain", `不全是 ${stream} 的留痕`);
  if (receipt && stream !== `case:${receipt.number}`) report.bad("chain", "不是回执上的办件");
  if (receipt && !hashes.some((each) => each.startsWith(receipt.hash))) report.bad("hash", "链上没有回执所印的哈希");
  return report.done(notes[0].size);
}

// ---------------------------------------------------------------------------------------------------- under Node
async function main([target, ...old]) {
  const { readFile, readdir, stat } = await import("node:fs/promises");
  const text = async (file) => strict.decode(await readFile(file));
  if (!target) throw new Error("用法：node verify.mjs 导出目录或证明文件 [旧检查点 …]");
  const notes = await Promise.all(old.map(async (file) => readNote(await text(file)))), folder = (await stat(target)).isDirectory();
  if (old.length && !folder) throw new Error("旧检查点须与导出一起核验");
  const result = folder
    ? await verifyExport((file) => readFile(`${target}/${file}`), await readdir(target), notes)
    : await verifyProof(JSON.parse(await text(target)));
  console.log(JSON.stringify(result, null, 1));
  return result.ok ? 0 : 1;
}
if (NODE && process.argv[1]?.endsWith("verify.mjs"))
  process.exitCode = await main(process.argv.slice(2)).catch((error) => (console.error(`不能读取：${error.message}`), 2));
