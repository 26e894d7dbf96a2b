// Games worth seeing. Each is a few changes from the defaults.

/** @type {Record<string, {title: string, say: string, settings: Partial<Settings>}>} */
const PRESETS = {
  learns: { title: "It learns", say: "A good game: the forgeries find all eight clouds.", settings: {} },
  collapse: { title: "It collapses", say: "The generator learns too fast for its judge: it crowds onto one or two clouds and hops away when caught.", settings: { r1: 0, lrD: 0.0002, lrG: 0.01 } },
  oscillate: { title: "It oscillates", say: "Two clouds, no brake: the forgeries swing from one side to the other.", settings: { data: "blobs", loss: "hinge", r1: 0, optimiser: "sgd", lrD: 0.05, lrG: 0.05 } },
  vanish: { title: "It vanishes", say: "The judge is sure and the loss is the saturating one: the generator is told almost nothing. Switch on the arrows, then try the non-saturating loss: they come back.", settings: { loss: "saturating", r1: 0, dSteps: 5, lrD: 0.01, lrG: 0.00005, noise: "uniform", noiseDim: 1, widthG: 4, layersG: 4 } },
  wasserstein: { title: "Wasserstein", say: "A critic with a gradient penalty: slower steps, a calm path.", settings: { loss: "wasserstein", gp: 1, r1: 0, dSteps: 3 } },
};
