/** Patch planning: what is to be done about a product, and when its devices may be taken out of use. */
export { type Slot, WindowTimes } from './windows.ts';
export { type PatchWork, type VendorWord, workOf } from './work.ts';
