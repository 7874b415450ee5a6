/** Bluetooth's Assigned Numbers §3.4: services of devices that care for people. */
export const careServices: ReadonlyMap<number, string> = new Map([
  [0x1808, 'glucose'],
  [0x1809, 'thermometer'],
  [0x180d, 'heart-rate'],
  [0x1810, 'blood-pressure'],
  [0x181b, 'body-composition'],
  [0x181d, 'weight-scale'],
  [0x181f, 'continuous-glucose'],
  [0x1822, 'pulse-oximeter'],
  [0x183a, 'insulin-delivery'],
  [0x1840, 'generic-health-sensor'],
]);

/** Assigned Numbers §2.6.2: categories of appearance, the upper ten bits. */
const categories: ReadonlyMap<number, string> = new Map([
  [1, 'phone'],
  [2, 'computer'],
  [3, 'watch'],
  [5, 'display'],
  [9, 'tag'],
  [15, 'keyboard or mouse'],
  [12, 'thermometer'],
  [13, 'heart-rate'],
  [14, 'blood-pressure'],
  [16, 'glucose'],
  [49, 'pulse-oximeter'],
  [50, 'weight-scale'],
  [52, 'continuous-glucose'],
  [53, 'insulin-delivery'],
  [54, 'medication-delivery'],
  [55, 'spirometer'],
]);

export function appearanceOf(value: number): string | undefined {
  return categories.get(value >>> 6);
}

const caring = new Set([...careServices.values(), 'medication-delivery', 'spirometer']);

/** True for a service or an appearance of a device that cares for people. */
export function isOfCare(name: string | undefined): boolean {
  return name !== undefined && caring.has(name);
}
