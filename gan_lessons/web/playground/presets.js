// Games worth seeing. Each is a few changes from the defaults; a test proves for several seeds that
// each does what it says.

/**
 * pace and show: what best lets it be seen.
 * @type {Record<string, {title: string, say: string, pace?: number, show?: Record<string, boolean>, settings: Partial<Settings>}>}
 */
const PRESETS = {
  learns: { title: "It learns", say: "A good game: the forgeries find all eight clouds.", settings: {} },
  collapse: {
    title: "It collapses",
    say: "The generator learns ten times faster than its judge. It crowds onto one or two clouds, and hops on when they are found out.",
    settings: { r1: 0, activation: "tanh", lrD: 0.0005, lrG: 0.005 },
  },
  oscillate: {
    title: "It oscillates",
    say: "Two clouds, and the same hurry: all forgeries swing from one to the other and back, and never settle.",
    pace: 60,
    settings: { data: "blobs", loss: "hinge", r1: 0, activation: "tanh", batch: 32, lrD: 0.0005, lrG: 0.005 },
  },
  vanish: {
    title: "It vanishes",
    say: "The judge is sure and the loss is the saturating one: the arrows that send the generator somewhere shrink " +
      "to nothing, and it stands still. Change the loss to non-saturating, and nothing else.",
    show: { arrows: true },
    settings: { loss: "saturating", r1: 0, activation: "tanh", noise: "uniform", dSteps: 5, lrD: 0.02, lrG: 0.0001 },
  },
  wasserstein: {
    title: "Wasserstein",
    say: "A critic with a gradient penalty: three steps of his for one of the generator's, and a calm path.",
    settings: { loss: "wasserstein", gp: 1, r1: 0, dSteps: 3 },
  },
};
