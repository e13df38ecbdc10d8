import { setTimeout as sleep } from 'node:timers/promises';
import { auditor } from '@alliance/service-world';
import { officer } from '../fund.given';
import { aGrant, euros } from '../grant/grant.given';
import { revoked } from './proof.given';
import { ProofWorld, speaker } from './proof-world.given';

let world: ProofWorld;
beforeAll(async () => {
  world = await ProofWorld.start({ RECEIPT_RETENTION_YEARS: '1' });
});
afterAll(() => world.stop());

const held = async (reportId: string): Promise<Record<string, unknown>> => {
  const rows = await world.query('SELECT * FROM receipt_row WHERE report_id = $1', [reportId]);
  const [list] = await world.query('SELECT salt, version, erased FROM receipt_list WHERE report_id = $1', [reportId]);
  return { rows: rows.length, ...list };
};

async function submitted() {
  const { grantId, reportIds } = await world.paidGrant();
  const report = `/grants/${grantId}/reports/${reportIds[0]}`;
  expect((await world.fund.post(`${report}/submission`, world.submission(), speaker)).status).toBe(204);
  return { grantId, reportId: reportIds[0] ?? '', report };
}

describe('proof of use: rows in the vault, until the retention has passed', () => {
  it('are erased when the grant has been closed or revoked for long, and not before', async () => {
    const [closed, ended, open] = [await submitted(), await submitted(), await submitted()];
    expect(await held(closed.reportId)).toMatchObject({ rows: 2, version: 1, erased: false });
    const closing = aGrant({ upTo: 'closed' }).at(-1);
    if (closing?.type === 'GrantClosed') await world.happens(closed.grantId, closing);
    await world.happens(ended.grantId, revoked);
    world.waitDays(300);
    await sleep(200);
    expect((await world.typesOf(closed.grantId)).at(-1)).toBe('GrantClosed');

    world.waitDays(66);
    for (const { reportId } of [closed, ended]) {
      while ((await held(reportId))['erased'] !== true) {
        world.clock.moveAhead(3_600_000);
        await sleep(20);
      }
    }
    expect(await held(closed.reportId)).toEqual({ rows: 0, salt: null, version: null, erased: true });
    expect((await world.typesOf(closed.grantId)).slice(-2)).toEqual(['GrantClosed', 'ReceiptErasureDecided']);
    expect(await held(open.reportId)).toMatchObject({ rows: 2, erased: false });

    const reading = { purpose: 'audit' };
    const gone = await world.fund.post(`${closed.report}/receipts/disclosure`, reading, officer);
    expect([gone.status, gone.body.code]).toEqual([409, 'RECEIPTS_ERASED']);
    const late = await world.fund.post(`${closed.report}/submission`, world.submission(), speaker);
    expect([late.status, late.body.code]).toEqual([409, 'RECEIPTS_ERASED']);
    const { body } = await world.fund.get(closed.report, auditor);
    expect(body).toMatchObject({ receiptsErased: true, submission: { receipts: { count: 2, total: euros(5_500) } } });
    expect((await world.fund.post(`${open.report}/receipts/disclosure`, reading, officer)).status).toBe(200);
  });
});
