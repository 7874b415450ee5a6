import { NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ProductDetails, ProductFile } from '@wardline/model';
import { useState } from 'react';
import { products } from '../../api/products.ts';
import { queries } from '../../api/queries.ts';
import { ReasonDialog } from '../../shell/reason.tsx';

const empty: ProductDetails = {
  vendor: '',
  model: '',
  deviceClass: '',
  purpose: '',
  cycleDays: null,
  criticalDays: null,
  rationale: '',
  endOfSupport: null,
};

const days = (value: string | number): number | null => (typeof value === 'number' ? value : null);

/** What the manufacturer says of a product; the rest of its file follows from what is held. */
export function ProductDialog({ product, onClose }: { product: ProductFile | null; onClose: () => void }) {
  const [details, setDetails] = useState(product?.details ?? empty);
  const { data: taxonomy } = useQuery(queries.taxonomy());
  const set = (part: Partial<ProductDetails>) => setDetails((before) => ({ ...before, ...part }));
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={product === null ? 'Keep a file of a product' : 'Change what is said of the product'}
      confirm={product === null ? 'Keep it' : 'Change it'}
      done="The file is kept."
      ready={details.vendor.trim() !== '' && details.model.trim() !== ''}
      act={(reason) =>
        product === null
          ? products.add(details, reason)
          : products.change(product.id, product.revision, details, reason)
      }
    >
      <TextInput
        label="Manufacturer"
        description="As devices, bills of materials and releases name it"
        required
        value={details.vendor}
        onChange={(event) => set({ vendor: event.currentTarget.value })}
      />
      <TextInput
        label="Model"
        required
        value={details.model}
        onChange={(event) => set({ model: event.currentTarget.value })}
      />
      <Select
        label="Kind of device"
        description="Its threat model follows from it"
        searchable
        clearable
        data={(taxonomy?.classes ?? []).map(({ id, label }) => ({ value: id, label }))}
        value={details.deviceClass || null}
        onChange={(value) => set({ deviceClass: value ?? '' })}
      />
      <Textarea
        label="Purpose"
        description="What it is for, by whom it is used, and where"
        autosize
        minRows={2}
        value={details.purpose}
        onChange={(event) => set({ purpose: event.currentTarget.value })}
      />
      <NumberInput
        label="Regular patches within (days)"
        min={1}
        max={730}
        value={details.cycleDays ?? ''}
        onChange={(value) => set({ cycleDays: days(value) })}
      />
      <NumberInput
        label="Critical patches within (days)"
        description="Used by attackers, or CVSS 9.0 and above"
        min={1}
        max={365}
        value={details.criticalDays ?? ''}
        onChange={(value) => set({ criticalDays: days(value) })}
      />
      <Textarea
        label="Why this cycle is reasonable"
        autosize
        minRows={2}
        value={details.rationale}
        onChange={(event) => set({ rationale: event.currentTarget.value })}
      />
      <TextInput
        label="End of support"
        type="date"
        value={details.endOfSupport ?? ''}
        onChange={(event) => set({ endOfSupport: event.currentTarget.value || null })}
      />
    </ReasonDialog>
  );
}
