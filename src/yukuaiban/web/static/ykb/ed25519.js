// Ed25519 (RFC 8032) in plain JavaScript, for browsers without it and for pages that were not opened over https.
// Slow and not in constant time: it checks public signatures and never holds a secret.
const P = 2n ** 255n - 19n, L = 2n ** 252n + 27742317777372353535851937790883648493n, WORD = 2n ** 64n;
const mod = (a, m = P) => ((a % m) + m) % m;
const power = (base, exponent, m = P) => {
  let found = 1n;
  for (let b = mod(base, m), e = exponent; e; e >>= 1n, b = (b * b) % m) if (e & 1n) found = (found * b) % m;
  return found;
};

// ---------------------------------------------------------------------------------------------- SHA-512
// The largest integer whose k-th power is at most n, by Newton's steps from above.
const root = (n, k) => {
  for (let x = 1n << (BigInt(n.toString(2).length) / k + 1n); ; ) {
    const y = ((k - 1n) * x + n / x ** (k - 1n)) / k;
    if (y >= x) return x;
    x = y;
  }
};
const primes = [...Array(410).keys()].filter((n) => n > 1 && ![...Array(n).keys()].some((d) => d > 1 && n % d === 0)).map(BigInt);
const K = primes.map((p) => root(p << 192n, 3n) % WORD), START = primes.slice(0, 8).map((p) => root(p << 128n, 2n) % WORD);
const turn = (x, n) => (x >> n) | ((x << (64n - n)) % WORD);
export function sha512(bytes) {
  const padded = new Uint8Array((((bytes.length + 16) >>> 7) + 1) << 7), view = new DataView(padded.buffer);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  let state = START;
  for (let at = 0; at < padded.length; at += 128) {
    const w = Array.from({ length: 16 }, (_, i) => view.getBigUint64(at + i * 8));
    for (let i = 16; i < 80; i++) {
      const x = w[i - 15], y = w[i - 2];
      w[i] = (w[i - 16] + w[i - 7] + (turn(x, 1n) ^ turn(x, 8n) ^ (x >> 7n)) + (turn(y, 19n) ^ turn(y, 61n) ^ (y >> 6n))) % WORD;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 80; i++) {
      const t = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + ((e & f) ^ (e ^ (WORD - 1n)) & g) + K[i] + w[i];
      const u = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t) % WORD, c, b, a, (t + u) % WORD];
    }
    state = [a, b, c, d, e, f, g, h].map((word, i) => (word + state[i]) % WORD);
  }
  const said = new DataView(new ArrayBuffer(64));
  state.forEach((word, i) => said.setBigUint64(i * 8, word));
  return new Uint8Array(said.buffer);
}

// ------------------------------------------------------------------------------------------------ the curve
const D = mod(-121665n * power(121666n, P - 2n)), ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);
const small = (bytes) => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n); // little end first
function point(bytes) { // of 32 bytes; null if they are none
  const all = small(bytes), y = all % (1n << 255n), odd = all >> 255n, u = mod(y * y - 1n), v = mod(D * y * y + 1n);
  if (y >= P) return null;
  let x = mod(u * power(v, 3n) * power(u * power(v, 7n), (P - 5n) / 8n));
  if (mod(v * x * x) !== u) x = mod(x * ROOT_OF_MINUS_ONE);
  if (mod(v * x * x) !== u || (x === 0n && odd)) return null;
  if ((x & 1n) !== odd) x = P - x;
  return [x, y, 1n, mod(x * y)];
}
function sum([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 - x1) * (y2 - x2)), b = mod((y1 + x1) * (y2 + x2)), c = mod(2n * D * t1 * t2), d = mod(2n * z1 * z2);
  const e = b - a, f = d - c, g = d + c, h = b + a;
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}
function times(n, of) {
  let found = [0n, 1n, 1n, 0n];
  for (let k = n, step = of; k; k >>= 1n, step = sum(step, step)) if (k & 1n) found = sum(found, step);
  return found;
}
const BASE = point(Uint8Array.from({ length: 32 }, (_, i) => (i ? 0x66 : 0x58)));
const alike = ([x1, y1, z1], [x2, y2, z2]) => mod(x1 * z2 - x2 * z1) === 0n && mod(y1 * z2 - y2 * z1) === 0n;

// Whether the 64 bytes are the signature of a message under a key of 32 bytes.
export function ed25519(key, signature, message) {
  const r = signature.slice(0, 32), s = small(signature.slice(32)), a = point(key), commitment = point(r);
  if (s >= L || !a || !commitment) return false;
  const k = small(sha512(Uint8Array.of(...r, ...key, ...message))) % L;
  return alike(times(s, BASE), sum(commitment, times(k, a)));
}
