// What the page says, where it is the same every time.

/** @type {[number, string][]} */
const PACES = [[10, "10"], [60, "60"], [300, "300"], [1000, "1,000"], [1e6, "All it can"]];
/** @type {Record<string, string>} */
const SHOWS = {
  real: "Real points", fake: "Forgeries", landscape: "D’s landscape", optimum: "The best possible D",
  warp: "Warped noise grid", arrows: "Where G is sent",
};
const ABOUT_OPTIMUM = "The best possible D at each place is p / (p + q): p, the density of the real points, is known " +
  "exactly; q, that of the forgeries, is estimated from 256 of them, and both are blurred alike. It is the goal of the " +
  "non-saturating, saturating and least-squares D; hinge seeks only which of the two is larger; a Wasserstein critic " +
  "seeks something else.";
const ABOUT_GROUND = "The ground is blue where D says “real” and orange where it says “forged”.";
const DRAW_FIRST = "Draw some points first: drag on the square, or move with the arrow keys and press Space.";
const READY = "Press Play, or choose a game.", GO_ON = "Play goes on from here.";
const NAN = "The steps were too large for this slope. Rewind, then lower a learning rate, or add a penalty.";
