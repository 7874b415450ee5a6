declare module '@secvisogram/csaf-validator-lib/validate.js' {
  const validate: unknown;
  export default validate;
}
declare module '@secvisogram/csaf-validator-lib/schemaTests.js' {
  export const csaf_2_0: unknown;
}
declare module '@secvisogram/csaf-validator-lib/mandatoryTests.js';
