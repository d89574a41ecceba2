export function AddPricePage() {
  return null;
}
