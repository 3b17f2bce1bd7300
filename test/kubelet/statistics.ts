/**
 * What the kubelet tells of its pods in figures: the summary, and lines in Prometheus' text form.
 */
type Figures = { readonly usedBytes?: number; readonly availableBytes?: number } & Readonly<
  Record<string, unknown>
>;

/** Source: k8s.io/kubelet/pkg/apis/stats/v1alpha1. */
export type PodStats = {
  readonly podRef: { readonly name: string };
  readonly cpu?: Figures;
  readonly memory?: Figures;
  readonly network?: Figures;
  readonly volume?: readonly Figures[];
  readonly containers?: readonly {
    readonly name: string;
    readonly cpu?: Figures;
    readonly memory?: Figures;
    readonly rootfs?: Figures;
    readonly logs?: Figures;
  }[];
};

export type Summary = {
  readonly node: { readonly runtime: { readonly imageFs: Figures } };
  readonly pods: readonly PodStats[];
};

export type Series = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

const line = /^(\w+)(?:\{(.*)\})? (\S+)(?: \d+)?$/;

/** Sorted by container. Source: Prometheus, exposition formats. */
export function seriesOf(text: string): readonly Series[] {
  const series = text.split('\n').flatMap((each) => {
    const [, name, labels = '', value] = line.exec(each) ?? [];
    if (name === undefined || each.startsWith('#')) return [];
    const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', word = '']) => [key, word]);
    return [{ name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) }];
  });
  return series.toSorted((a, b) => (a.labels['container'] ?? '').localeCompare(b.labels['container'] ?? ''));
}
