import type { Overview } from '@wardline/model';
import type { Config } from '../../config/config.ts';

/** While the server answers beyond this machine by a certificate of its own making, nobody's browser can tell it from another. */
export function certificateTodo({ tls }: Pick<Config, 'tls'>): Overview['todo'] {
  if (tls !== 'own') return [];
  return [
    {
      id: 'own-certificate',
      title: 'The server answers by a certificate of its own making',
      why: 'Browsers and sensors cannot tell it from another server unless somebody compares its fingerprint.',
      severity: 'medium',
      harms: ['privacy', 'operations'],
      assets: 0,
      link: '/trust',
      action:
        'Give it one that your hospital, or everybody, trusts: WARDLINE_TLS_CERT and WARDLINE_TLS_KEY. A renewed one is taken up within a minute.',
    },
  ];
}
