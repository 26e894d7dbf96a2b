// The real points. Every data set is a list of centres and a width: a point is a centre, drawn at
// random, plus normal noise. So the true density is known exactly, everywhere.

/** @typedef {{centres: number[][], sigma: number, modes: number[][]}} Cloud */

/**
 * Points along a path.
 * @param {number} n @param {(t: number) => number[]} path t in [0, 1]
 */
const along = (n, path) => Array.from({ length: n }, (_, i) => path(i / (n - 1)));

/**
 * @param {string} name @param {number[][]} drawing the centres of "drawing"
 * @returns {Cloud} modes: the places a good generator must visit
 */
function cloud(name, drawing = []) {
  /** @type {(centres: number[][], sigma: number) => Cloud} every part of a path is to be visited */
  const spread = (centres, sigma) => ({ centres, sigma, modes: centres.filter((_, i) => i % Math.ceil(centres.length / 10) === 0) });
  /** @type {(centres: number[][], sigma: number) => Cloud} */
  const islands = (centres, sigma) => ({ centres, sigma, modes: centres });
  switch (name) {
    case "grid": return islands([-0.8, 0, 0.8].flatMap((y) => [-0.8, 0, 0.8].map((x) => [x, y])), 0.06);
    case "blobs": return islands([[-0.6, -0.4], [0.6, 0.4]], 0.13);
    case "line": return spread(along(40, (t) => [1.8 * t - 0.9, 0.9 * t - 0.45]), 0.05);
    case "moons": {
      const upper = along(24, (t) => [Math.cos(Math.PI * t) - 0.5, Math.sin(Math.PI * t) - 0.25]);
      const under = along(24, (t) => [0.5 - Math.cos(Math.PI * t), 0.25 - Math.sin(Math.PI * t)]);
      return spread([...upper, ...under].map(([x, y]) => [x / 1.5, y / 1.5]), 0.05);
    }
    case "drawing": return spread(drawing.length ? drawing : [[0, 0]], 0.05);
    default: return islands(along(9, (t) => [0.9 * Math.cos(2 * Math.PI * t), 0.9 * Math.sin(2 * Math.PI * t)]).slice(0, 8), 0.06);
  }
}

/**
 * Fill n rows of F from `at`, `width` apart.
 * @param {Cloud} c @param {Rng} rng @param {Numbers} F @param {number} at @param {number} n @param {number} width
 */
function drawReal(c, rng, F, at, n, width) {
  for (let i = 0, q = at; i < n; i++, q += width) {
    const centre = c.centres[rng.below(c.centres.length)];
    F[q] = centre[0] + c.sigma * rng.normal();
    F[q + 1] = centre[1] + c.sigma * rng.normal();
  }
}

/**
 * Fill n rows with noise.
 * @param {"normal" | "uniform"} kind uniform is on [-1, 1]
 * @param {Rng} rng @param {Numbers} F @param {number} at @param {number} n @param {number} width @param {number} dim
 */
function drawNoise(kind, rng, F, at, n, width, dim) {
  for (let i = 0, q = at; i < n; i++, q += width) {
    for (let j = 0; j < dim; j++) F[q + j] = kind === "normal" ? rng.normal() : 2 * rng.uniform() - 1;
  }
}

/**
 * A mixture of normals at the points of list, each of width sigma.
 * @param {ArrayLike<number>} list x, y, x, y ... @param {number} sigma @param {number} x @param {number} y
 */
function density(list, sigma, x, y) {
  let sum = 0;
  const k = -0.5 / (sigma * sigma);
  for (let i = 0; i < list.length; i += 2) {
    const e = k * ((list[i] - x) ** 2 + (list[i + 1] - y) ** 2);
    if (e > -18) sum += Math.exp(e);
  }
  return sum / ((list.length / 2) * 6.283185307179586 * sigma * sigma);
}
