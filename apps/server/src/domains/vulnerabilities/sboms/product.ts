import { describedProduct, type Sbom } from '@wardline/formats';

/** Whose bill of materials it is; an empty version means every one. */
export interface Product {
  vendor: string;
  model: string;
  software: string;
}

type Stated = { [Part in keyof Product]?: Product[Part] | undefined };

/** What a person says of the product, and where they say nothing, what the document says of it. */
export function productOf(stated: Stated, sbom: Sbom): Product {
  const described = describedProduct(sbom);
  const text = (value: string | null | undefined): string =>
    storable(value ?? '')
      .trim()
      .slice(0, 300);
  return {
    vendor: text(stated.vendor ?? described.vendor),
    model: text(stated.model ?? described.model),
    software: text(stated.software ?? described.software),
  };
}

/** The database holds neither a nought character nor half a surrogate pair. */
export const storable = (text: string): string => text.replaceAll('\u0000', '').toWellFormed();
