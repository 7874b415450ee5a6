import type {
  certificateDetailSchema,
  certificateListResponse,
  enrolmentListResponse,
} from '@wardline/model';
import { post } from './client.ts';

export type { CertificateRow, EnrolmentRow, Trust } from '@wardline/model';
export type CertificateList = ReturnType<typeof certificateListResponse.parse>;
export type CertificateDetail = ReturnType<typeof certificateDetailSchema.parse>;
export type EnrolmentList = ReturnType<typeof enrolmentListResponse.parse>;

const at = (kind: string, id: string, part: string): string => `/${kind}/${encodeURIComponent(id)}/${part}`;

/** What persons decide about who devices are. */
export const trustActs = {
  revoke: (id: string, why: string, reason: string) =>
    post(at('certificates', id, 'revocation'), { why, reason }),
  approve: (id: string, asset: string, zone: string, reason: string) =>
    post(at('enrolments', id, 'approval'), { asset, zone, reason }),
  refuse: (id: string, reason: string) => post(at('enrolments', id, 'refusal'), { reason }),
};
