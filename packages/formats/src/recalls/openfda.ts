import { type Tree, textOf, textsOf, treeOf } from '../advisories/tree.ts';
import type { Recall } from './recall.ts';
import { readUnits } from './units.ts';

/** One record of openFDA's `device/enforcement`, or of `device/recall`; a string says why it is none. */
export function readOpenFda(record: Tree): Recall | string {
  const number = textOf(record.recall_number);
  if (number !== null) return enforcement(record, number);
  const resource = textOf(record.product_res_number) ?? textOf(record.cfres_id);
  if (resource !== null) return recall(record, resource);
  return 'expected recall_number, product_res_number or cfres_id';
}

function enforcement(record: Tree, id: string): Recall {
  const [, grade] = /^Class (I{1,3})$/.exec(textOf(record.classification) ?? '') ?? [];
  const status = textOf(record.status);
  return {
    ...shared(record),
    id,
    source: 'fda-enforcement',
    action: '',
    grade: (grade as Recall['grade']) ?? null,
    status: status === null ? null : /^(terminated|completed)$/i.test(status) ? 'ended' : 'open',
    day: dayOf(textOf(record.recall_initiation_date) ?? textOf(record.report_date)),
  };
}

function recall(record: Tree, id: string): Recall {
  const status = textOf(record.recall_status);
  return {
    ...shared(record),
    id,
    source: 'fda-recall',
    action: textOf(record.action) ?? '',
    grade: null,
    status: status === null ? null : /terminated|completed/i.test(status) ? 'ended' : 'open',
    day: dayOf(textOf(record.event_date_initiated) ?? textOf(record.event_date_posted)),
  };
}

/** openFDA's own look-up of the device, where it has one, names it besides the notice. */
function shared(record: Tree): Pick<Recall, 'firm' | 'product' | 'units' | 'unitsText' | 'reason'> {
  const unitsText = textOf(record.code_info) ?? '';
  const product =
    textOf(record.product_description) ?? textsOf(treeOf(record.openfda).device_name).join(', ');
  const [units, named] = [readUnits(unitsText), readUnits(product)];
  return {
    firm: textOf(record.recalling_firm) ?? '',
    product,
    units: { ...units, devices: [...new Set([...units.devices, ...named.devices])] },
    unitsText,
    reason: textOf(record.reason_for_recall) ?? '',
  };
}

/** `20260131` or `2026-01-31`. */
function dayOf(text: string | null): string | null {
  const [, year, month, day] = /^(\d{4})-?(\d{2})-?(\d{2})/.exec(text ?? '') ?? [];
  return year === undefined ? null : `${year}-${month}-${day}`;
}
