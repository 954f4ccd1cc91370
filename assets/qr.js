// A QR code of what a card shows: ISO/IEC 18004, version 2 (25 modules a side), a quarter of it for repair (level Q).
// Digits and a full stop only; whatever fits is encoded in the alphanumeric mode. `modules` gives rows of booleans.
const SIDE = 25, DATA = 22, REPAIR = 22;
const SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const LEVEL_Q = 0b11;
const MASKS = [
  (r, c) => (r + c) % 2 === 0, (r) => r % 2 === 0, (_, c) => c % 3 === 0, (r, c) => (r + c) % 3 === 0,
  (r, c) => ((r >> 1) + Math.floor(c / 3)) % 2 === 0, (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0, (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
];

const bitsOf = (value, length) => Array.from({ length }, (_, at) => (value >> (length - 1 - at)) & 1);

const dataOf = (text) => {
  const bits = [...bitsOf(0b0010, 4), ...bitsOf(text.length, 9)];
  for (let at = 0; at < text.length; at += 2) {
    const [one, two] = [SIGNS.indexOf(text[at]), SIGNS.indexOf(text[at + 1] ?? "0")];
    if (one < 0 || two < 0) throw new RangeError("this sign is not for a card");
    bits.push(...(at + 1 < text.length ? bitsOf(45 * one + two, 11) : bitsOf(one, 6)));
  }
  if (bits.length > 8 * DATA) throw new RangeError("this is too long for a card");
  bits.push(...Array(Math.min(4, 8 * DATA - bits.length)).fill(0));
  while (bits.length % 8) bits.push(0);
  const bytes = [];
  for (let at = 0; at < bits.length; at += 8) bytes.push(parseInt(bits.slice(at, at + 8).join(""), 2));
  for (let pad = 0xec; bytes.length < DATA; pad ^= 0xec ^ 0x11) bytes.push(pad);
  return bytes;
};

// Reed and Solomon's repair words over GF(256), x^8 + x^4 + x^3 + x^2 + 1.
const EXP = [], LOG = [];
for (let power = 0, value = 1; power < 255; power++) {
  EXP[power] = value;
  LOG[value] = power;
  value = (value << 1) ^ (value & 0x80 ? 0x11d : 0);
}
const times = (one, two) => (one && two ? EXP[(LOG[one] + LOG[two]) % 255] : 0);
const GENERATOR = Array.from({ length: REPAIR }).reduce(
  (known, _, power) => [...known, 0].map((one, at) => one ^ (at ? times(known[at - 1], EXP[power]) : 0)), [1]);

const repairOf = (data) => {
  const left = [...data, ...Array(REPAIR).fill(0)];
  data.forEach((_, at) => {
    const lead = left[at];
    GENERATOR.forEach((one, more) => { left[at + more] ^= times(one, lead); });
  });
  return left.slice(DATA);
};

// What is the same in every code: three corners, the lines between them, the small square, the room for the format.
const frame = () => {
  const fixed = Array.from({ length: SIDE }, () => Array(SIDE).fill(null));
  const square = (top, start, ring, dark) => {
    for (let r = -ring; r <= ring; r++) {
      for (let c = -ring; c <= ring; c++) {
        const [row, column] = [top + r, start + c];
        if (fixed[row]?.[column] !== undefined) fixed[row][column] = dark(Math.max(Math.abs(r), Math.abs(c)));
      }
    }
  };
  for (const [row, column] of [[3, 3], [3, SIDE - 4], [SIDE - 4, 3]]) square(row, column, 4, (far) => far < 2 || far === 3);
  for (let at = 8; at < SIDE - 8; at++) fixed[6][at] = fixed[at][6] = at % 2 === 0;
  square(SIDE - 7, SIDE - 7, 2, (far) => far !== 1);
  return fixed;
};

// The fifteen bits that say level and mask, in their two places (§7.9); the BCH code finds and repairs three wrong ones.
const formatted = (modules, mask) => {
  const said = (LEVEL_Q << 3) | mask;
  let rest = said << 10;
  for (let at = 14; at >= 10; at--) if ((rest >> at) & 1) rest ^= 0b10100110111 << (at - 10);
  const bits = ((said << 10) | rest) ^ 0b101010000010010;
  for (let at = 0; at < 15; at++) {
    const dark = Boolean((bits >> at) & 1);
    if (at < 8) modules[8][SIDE - 1 - at] = dark;
    else modules[SIDE - 15 + at][8] = dark;
    if (at < 6) modules[at][8] = dark;
    else if (at < 8) modules[at + 1][8] = dark;
    else if (at === 8) modules[8][7] = dark;
    else modules[8][14 - at] = dark;
  }
  modules[SIDE - 8][8] = true;
};

const filled = (bits, mask) => {
  const modules = frame();
  formatted(modules, mask);
  let at = 0, up = true;
  for (let right = SIDE - 1; right > 0; right -= 2, up = !up) {
    if (right === 6) right = 5;
    for (let step = 0; step < SIDE; step++) {
      const row = up ? SIDE - 1 - step : step;
      for (const column of [right, right - 1]) {
        if (modules[row][column] === null) modules[row][column] = Boolean(bits[at++]) !== MASKS[mask](row, column);
      }
    }
  }
  return modules;
};

// How hard a code is to read (§7.8.3): long runs, blocks, what looks like a corner, too much of one colour.
const CORNER = /(?=0000(1011101)|(1011101)0000)/g;
const badness = (modules) => {
  const lines = [...modules, ...modules.map((_, at) => modules.map((row) => row[at]))]
    .map((line) => line.map(Number).join(""));
  let sum = 0, dark = 0;
  for (const line of lines) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) sum += run.length - 2;
    sum += 40 * [...line.matchAll(CORNER)].length;
  }
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      dark += modules[row][column];
      const four = modules[row][column] + modules[row][column + 1] + modules[row + 1]?.[column] + modules[row + 1]?.[column + 1];
      if (four === 0 || four === 4) sum += 3;
    }
  }
  return sum + 10 * Math.floor(Math.abs(20 * dark - 10 * SIDE * SIDE) / (SIDE * SIDE));
};

export const modules = (text, wanted) => {
  const data = dataOf(text);
  const bits = [...data, ...repairOf(data)].flatMap((one) => bitsOf(one, 8));
  if (wanted !== undefined) return filled(bits, wanted);
  const all = MASKS.map((_, mask) => filled(bits, mask));
  const marks = all.map(badness);
  return all[marks.indexOf(Math.min(...marks))];
};

// The same as the outline of an SVG path, one unit a module.
export const outline = (text) =>
  modules(text).flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
