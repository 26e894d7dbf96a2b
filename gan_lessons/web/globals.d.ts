// What the widgets' files share, for the type checker (tsc -p jsconfig.json) and for readers. Each
// file adds its part to one global object, once, however often its script stands on a page.

/** One operation, as gan_lessons/export.py writes it down. */
interface Layer {
  op: "dense" | "conv" | "conv_transpose" | "affine" | "activation" | "reshape";
  /** where its numbers begin */ weights: number; bias: number;
  inputs: number; outputs: number;
  kernel: number; stride: number; padding: "same" | "valid";
  channels: number;
  /** of an activation */ name: "tanh" | "sigmoid" | "leaky_relu"; slope: number;
  shape: number[];
}

interface Model {
  name: string; digest: string; inputShape: number[]; outputShape: number[]; layers: Layer[];
  /** base64 of half floats; without it they stand on the page, under the digest */ weights?: string;
}

interface Network {
  run(input: ArrayLike<number>): Float32Array;
  kernels: string; inputShape: number[]; outputShape: number[];
}

interface Kernels {
  /** "wasm" or "plain" */ name: string;
  /** the memory that both sides see */ heap: Float32Array;
  /** c = a b for panels of 8 or 4 columns; a, b, c are byte addresses */
  panel8: Panel; panel4: Panel;
}
type Panel = (a: number, b: number, c: number, rows: number, depth: number, width: number) => void;

type Tag = keyof HTMLElementTagNameMap;
interface Dom {
  id(): string;
  make<K extends Tag>(tag: K | `${K}.${string}`, values?: Record<string, any>, ...children: (Node | string)[]): HTMLElementTagNameMap[K];
  button(text: string, action: () => void, kind?: string): HTMLButtonElement;
  speaker(place: HTMLElement): (text: string) => void;
  mountAll(kind: string, mount: (root: HTMLElement, data: any) => void): void;
  fixed(v: number, digits?: number, plus?: string): string;
  calm(): boolean;
}

interface Line { name: string; values: (number | null)[]; colour: string; dash: boolean }
interface Chart { label: string; steps: number[]; lines: Line[] }

interface GanLessonsParts {
  half: { bytes(text: string): Uint8Array; decode(text: string): Float32Array };
  /** gemm.wasm in base64 */ gemm: string;
  kernels: { choose(size: number, wanted?: string): Kernels };
  engine: { build(model: Model, wanted?: string): Network; load(model: Model): Network; ready: Map<string, Network> };
  dom: Dom;
  latent: {
    random(n: number): number[]; dot(a: number[], b: number[]): number;
    slerp(a: number[], b: number[], t: number): number[];
    spell(z: number[]): string; read(text: string, n: number): number[] | null;
  };
  link: { read(key: string): { own: string | null, other: boolean }; write(key: string, text: string): string };
  picture: { paint(canvas: HTMLCanvasElement, values: ArrayLike<number>, width: number, height: number): void; save(canvas: HTMLCanvasElement, scale: number, name: string): void };
  dealer: { box(network: Network | null, probability: boolean): { element: HTMLElement, judge(picture: Float32Array): void, words(): string } };
  sliders: { mount(root: HTMLElement, data: any): void };
  chart: { draw(about: Chart & { last: number }): { element: SVGElement, move(step: number): void } };
  timeline: { mount(root: HTMLElement, data: any): void };
}
