import { type ElementHandler, ScanFault, XmlStream } from '../scans/xml-stream.ts';

/** What the FDA's database says of a device identifier; texts as they stand there. */
export interface GudidRecord {
  device: string;
  brand: string | null;
  model: string | null;
  catalogue: string | null;
  company: string | null;
  description: string | null;
  /** `In Commercial Distribution` or not. */
  distribution: string | null;
  distributionEnds: string | null;
  mri: string | null;
  productCodes: string[];
  terms: string[];
  phone: string | null;
  email: string | null;
}

const fields: Readonly<Record<string, Exclude<keyof GudidRecord, 'device' | 'productCodes' | 'terms'>>> = {
  brandName: 'brand',
  versionModelNumber: 'model',
  catalogNumber: 'catalogue',
  companyName: 'company',
  deviceDescription: 'description',
  deviceCommDistributionStatus: 'distribution',
  deviceCommDistributionEndDate: 'distributionEnds',
  MRISafetyStatus: 'mri',
  phone: 'phone',
  email: 'email',
};

/**
 * Looks one device identifier up in a release file of the GUDID (XML, gigabytes), piece by piece. Null where it is not in it.
 * The identifier of a package leads to its device.
 * @throws ScanFault where the file is damaged before it is found
 */
export async function findInGudid(
  source: AsyncIterable<Uint8Array>,
  device: string,
): Promise<GudidRecord | null> {
  const reader = new GudidReader(device);
  const xml = new XmlStream(reader);
  const decoder = new TextDecoder();
  for await (const chunk of source) {
    xml.write(decoder.decode(chunk, { stream: true }));
    if (reader.found !== null) return reader.found;
  }
  xml.end();
  return reader.found;
}

export { ScanFault as GudidFault };

class GudidReader implements ElementHandler {
  found: GudidRecord | null = null;
  readonly #device: string;
  #record = emptyRecord();
  #isWanted = false;

  constructor(device: string) {
    this.#device = device;
  }

  open(name: string): void {
    if (name !== 'device') return;
    this.#record = emptyRecord();
    this.#isWanted = false;
  }

  close(name: string, text: string): void {
    const field = fields[name];
    if (name === 'deviceId') this.#identified(text);
    else if (name === 'productCode' && text !== '') this.#record.productCodes.push(text);
    else if (name === 'gmdnPTName' && text !== '') this.#record.terms.push(text);
    else if (field !== undefined && text !== '') this.#record[field] ??= text;
    else if (name === 'device' && this.#isWanted) this.found ??= this.#record;
  }

  /** The first is the primary one. */
  #identified(text: string): void {
    if (this.#record.device === '') this.#record.device = text;
    if (text === this.#device) this.#isWanted = true;
  }
}

const emptyRecord = (): GudidRecord => ({
  device: '',
  brand: null,
  model: null,
  catalogue: null,
  company: null,
  description: null,
  distribution: null,
  distributionEnds: null,
  mri: null,
  productCodes: [],
  terms: [],
  phone: null,
  email: null,
});
