import type { Sbom } from './sbom.ts';

/** Whose bill of materials a document says that it is; empty where it does not. */
export function describedProduct({ components, main, author }: Sbom): {
  vendor: string;
  model: string;
  software: string;
} {
  const described = components.find(({ ref }) => ref === main);
  return {
    vendor: described?.supplier ?? author ?? '',
    model: described?.name ?? '',
    software: described?.version ?? '',
  };
}
