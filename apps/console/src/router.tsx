import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { AppLink } from './shell/AppLink.tsx';
import { parseAddress } from './shell/address.ts';
import { Shell } from './shell/Shell.tsx';
import { Empty, Failure } from './shell/states.tsx';

const root = createRootRoute({ component: Outlet, notFoundComponent: Nowhere });
const open = createRoute({
  getParentRoute: () => root,
  path: '/open',
  component: lazyRouteComponent(() => import('./pages/open/OpenPage.tsx'), 'OpenPage'),
});
const sealed = createRoute({
  getParentRoute: () => root,
  path: '/sealed',
  component: lazyRouteComponent(() => import('./pages/break-glass/SealedPage.tsx'), 'SealedPage'),
});
const openId = createRoute({
  getParentRoute: () => root,
  path: '/openid',
  component: lazyRouteComponent(() => import('./pages/open/OpenIdPage.tsx'), 'OpenIdPage'),
});
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  notFoundComponent: Nowhere,
});

/** One chunk a page: the first load brings the shell and the page asked for, nothing else. */
const pages = [
  page('/', () => import('./pages/overview/OverviewPage.tsx'), 'OverviewPage'),
  page('/assets', () => import('./pages/assets/AssetsPage.tsx'), 'AssetsPage'),
  page('/assets/$id', () => import('./pages/asset/AssetPage.tsx'), 'AssetPage'),
  page('/conversations', () => import('./pages/conversations/ConversationsPage.tsx'), 'ConversationsPage'),
  page('/map', () => import('./pages/map/MapPage.tsx'), 'MapPage'),
  page('/findings', () => import('./pages/findings/FindingsPage.tsx'), 'FindingsPage'),
  page(
    '/vulnerabilities',
    () => import('./pages/vulnerabilities/VulnerabilitiesPage.tsx'),
    'VulnerabilitiesPage',
  ),
  page('/vulnerabilities/feeds', () => import('./pages/vulnerabilities/feeds/FeedsPage.tsx'), 'FeedsPage'),
  page('/components', () => import('./pages/sboms/SbomSearchPage.tsx'), 'SbomSearchPage'),
  page('/sboms', () => import('./pages/sboms/SbomsPage.tsx'), 'SbomsPage'),
  page('/sboms/$id', () => import('./pages/sboms/SbomPage.tsx'), 'SbomPage'),
  page('/risks', () => import('./pages/risks/RisksPage.tsx'), 'RisksPage'),
  page('/risks/board', () => import('./pages/risks/BoardPage.tsx'), 'BoardPage'),
  page('/risks/indicators', () => import('./pages/risks/IndicatorsPage.tsx'), 'IndicatorsPage'),
  page('/threats', () => import('./pages/threats/ThreatsPage.tsx'), 'ThreatsPage'),
  page('/incidents', () => import('./pages/incidents/IncidentsPage.tsx'), 'IncidentsPage'),
  page('/incidents/$number', () => import('./pages/incidents/IncidentPage.tsx'), 'IncidentPage'),
  page('/wireless', () => import('./pages/wireless/WirelessPage.tsx'), 'WirelessPage'),
  page('/usage', () => import('./pages/usage/UsagePage.tsx'), 'UsagePage'),
  page('/stories', () => import('./pages/watch/StoriesPage.tsx'), 'StoriesPage'),
  page('/stories/$id', () => import('./pages/watch/StoryPage.tsx'), 'StoryPage'),
  page('/alerts', () => import('./pages/watch/AlertsPage.tsx'), 'AlertsPage'),
  page('/rules', () => import('./pages/rules/RulesPage.tsx'), 'RulesPage'),
  page('/watch', () => import('./pages/watch/WatchPage.tsx'), 'WatchPage'),
  page('/plan', () => import('./pages/plan/PlanPage.tsx'), 'PlanPage'),
  page('/attack-paths', () => import('./pages/attack-paths/AttackPathsPage.tsx'), 'AttackPathsPage'),
  page('/segmentation', () => import('./pages/segmentation/SegmentationPage.tsx'), 'SegmentationPage'),
  page('/segmentation/proposals', () => import('./pages/segmentation/ProposalsPage.tsx'), 'ProposalsPage'),
  page('/segmentation/drafts/$id', () => import('./pages/segmentation/WorkbenchPage.tsx'), 'DraftPage'),
  page(
    '/segmentation/versions/$number',
    () => import('./pages/segmentation/WorkbenchPage.tsx'),
    'VersionPage',
  ),
  page('/enforcement', () => import('./pages/enforcement/EnforcementPage.tsx'), 'EnforcementPage'),
  page('/enforcement/$id', () => import('./pages/enforcement/PointPage.tsx'), 'PointPage'),
  page('/certificates', () => import('./pages/trust/CertificatesPage.tsx'), 'CertificatesPage'),
  page('/enrolments', () => import('./pages/trust/EnrolmentsPage.tsx'), 'EnrolmentsPage'),
  page('/boots', () => import('./pages/boots/BootsPage.tsx'), 'BootsPage'),
  page('/supplicants', () => import('./pages/supplicants/SupplicantsPage.tsx'), 'SupplicantsPage'),
  page('/firmware', () => import('./pages/firmware/FirmwarePage.tsx'), 'FirmwarePage'),
  page('/firmware/signing', () => import('./pages/firmware/SigningPage.tsx'), 'SigningPage'),
  page('/firmware/rollouts/$id', () => import('./pages/firmware/RolloutPage.tsx'), 'RolloutPage'),
  page('/register', () => import('./pages/register/RegisterPage.tsx'), 'RegisterPage'),
  page('/register/import', () => import('./pages/register/RegisterImportPage.tsx'), 'RegisterImportPage'),
  page('/imports', () => import('./pages/imports/ImportsPage.tsx'), 'ImportsPage'),
  page('/suppliers', () => import('./pages/suppliers/SuppliersPage.tsx'), 'SuppliersPage'),
  page('/disclosures', () => import('./pages/disclosures/DisclosuresPage.tsx'), 'DisclosuresPage'),
  page('/disclosures/$number', () => import('./pages/disclosures/DisclosurePage.tsx'), 'DisclosurePage'),
  page('/products', () => import('./pages/products/ProductsPage.tsx'), 'ProductsPage'),
  page('/products/$id', () => import('./pages/products/ProductPage.tsx'), 'ProductPage'),
  page('/mds2/$id', () => import('./pages/suppliers/FormPage.tsx'), 'FormPage'),
  page('/purchases', () => import('./pages/purchases/PurchasesPage.tsx'), 'PurchasesPage'),
  page('/purchases/$id', () => import('./pages/purchases/PurchasePage.tsx'), 'PurchasePage'),
  page('/recalls', () => import('./pages/recalls/RecallsPage.tsx'), 'RecallsPage'),
  page('/recalls/$id', () => import('./pages/recalls/RecallPage.tsx'), 'RecallPage'),
  page('/lifecycle', () => import('./pages/lifecycle/LifecyclePage.tsx'), 'LifecyclePage'),
  page('/account', () => import('./pages/account/AccountPage.tsx'), 'AccountPage'),
  page('/people', () => import('./pages/people/PeoplePage.tsx'), 'PeoplePage'),
  page('/access', () => import('./pages/access/AccessPage.tsx'), 'AccessPage'),
  page('/break-glass', () => import('./pages/break-glass/BreakGlassPage.tsx'), 'BreakGlassPage'),
  page('/backups', () => import('./pages/backups/BackupsPage.tsx'), 'BackupsPage'),
  page('/receivers', () => import('./pages/receivers/ReceiversPage.tsx'), 'ReceiversPage'),
  page('/sites', () => import('./pages/sites/SitesPage.tsx'), 'SitesPage'),
  page('/secrets', () => import('./pages/secrets/SecretsPage.tsx'), 'SecretsPage'),
  page('/keys', () => import('./pages/keys/KeysPage.tsx'), 'KeysPage'),
  page('/controls', () => import('./pages/controls/ControlsPage.tsx'), 'ControlsPage'),
  page('/risk-assessment', () => import('./pages/assessment/AssessmentPage.tsx'), 'AssessmentPage'),
  page('/reports', () => import('./pages/reports/ReportsPage.tsx'), 'ReportsPage'),
  page('/ledger', () => import('./pages/ledger/LedgerPage.tsx'), 'LedgerPage'),
];

function page<M extends Record<string, unknown>>(
  path: string,
  load: () => Promise<M>,
  name: keyof M & string,
) {
  return createRoute({
    getParentRoute: () => shell,
    path,
    component: lazyRouteComponent(load as never, name as never),
  });
}

export function createConsoleRouter() {
  return createRouter({
    routeTree: root.addChildren([open, openId, sealed, shell.addChildren(pages)]),
    // Plain text in the query string, so that people and the server can write addresses by hand.
    parseSearch: (text) => parseAddress(text),
    stringifySearch: (values) => {
      const text = new URLSearchParams(values as Record<string, string>).toString();
      return text === '' ? '' : `?${text}`;
    },
    defaultErrorComponent: ({ error, reset }) => <Failure error={error} retry={reset} what="This page" />,
    defaultPendingMinMs: 0,
  });
}

function Nowhere() {
  return (
    <Empty title="There is no such page" action={<AppLink href="/">Go to the overview</AppLink>}>
      The address may be of an older version.
    </Empty>
  );
}
