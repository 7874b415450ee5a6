/** A setting that is wrong; the message names it and says what was expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
