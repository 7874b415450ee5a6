/** Products told in a plan: nobody plans more at once, and those that can harm patients most stand first. */
export const PLAN_PRODUCTS = 300;
/** Devices of one product with their slots; beyond it the register tells how many there are. */
export const PLAN_ASSETS = 500;
/** Maintenance windows of a hospital: one for each device of a large one would already be too many to keep. */
export const WINDOWS = 20_000;
