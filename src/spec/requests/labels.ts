/**
 * Label selectors: each wanted pair must be there, to the letter. Source: CRI label_selector.
 */
type Labels = Readonly<Record<string, string>>;

export function hasLabels(labels: Labels, selector: Labels): boolean {
  return Object.entries(selector).every(
    ([key, value]) => Object.hasOwn(labels, key) && labels[key] === value,
  );
}
