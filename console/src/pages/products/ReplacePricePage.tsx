export function ReplacePricePage() {
  return null;
}
