import { idsCountingAs, KnownOrganisation } from '@alliance/known-organisations';
import { Brackets, type EntityManager } from 'typeorm';
import { GrantEntry } from '../grant/grant-register.read-model';
import { isNews, type StandingState } from '../standing';
import { toldStandings } from './told-standing.read-model';

/** A grant, and what is to be noted of its recipient. */
export interface StandingToNote {
  readonly grantId: string;
  readonly told: StandingState;
}

/** Of every grant under way of the organisation, or of one that counts as it since a merge. */
export async function standingsOf(tx: EntityManager, organisationId: string): Promise<readonly StandingToNote[]> {
  const applicants = await idsCountingAs(tx, [organisationId]);
  const found = await underWay(tx)
    .andWhere('grant.applicantId = ANY (:applicants)', { applicants })
    .orderBy('grant.id')
    .getMany();
  const told = await toldStandings(tx, applicants);
  return found.flatMap(({ id: grantId, applicantId }) => {
    const standing = told.get(applicantId);
    return standing === undefined ? [] : [{ grantId, told: standing }];
  });
}

/**
 * So many grants under way after the id, by id, whose stream has yet to hear what the registry has told. As long as it
 * has heard nothing, its recipient is taken for a member.
 */
export async function standingsBehind(
  tx: EntityManager,
  { afterId, limit }: { readonly afterId?: string; readonly limit: number },
): Promise<readonly StandingToNote[]> {
  const behind: StandingToNote[] = [];
  let after = afterId;
  do {
    const found = underWay(tx)
      .leftJoin(KnownOrganisation, 'applicant', 'applicant.id = grant.applicantId')
      .andWhere(
        new Brackets((heard) => heard.where('grant.standing IS NOT NULL').orWhere(`applicant.status <> 'admitted'`)),
      );
    if (after !== undefined) found.andWhere('grant.id > :after', { after });
    const page = await found.orderBy('grant.id').limit(limit).getMany();
    const told = await toldStandings(tx, [...new Set(page.map(({ applicantId }) => applicantId))]);
    for (const grant of page) {
      const now = told.get(grant.applicantId);
      const heard = heardBy(grant);
      if (now === undefined || (heard !== undefined && !isNews(now, heard))) continue;
      behind.push({ grantId: grant.id, told: now });
    }
    after = page.length < limit ? undefined : page.at(-1)?.id;
  } while (after !== undefined && behind.length < limit);
  return behind.slice(0, limit);
}

function underWay(tx: EntityManager) {
  return tx
    .createQueryBuilder(GrantEntry, 'grant')
    .where('grant.stage <> ALL (:ended)', { ended: ['rejected', 'withdrawn', 'closed'] });
}

function heardBy({ standing, survivorId, standingSince }: GrantEntry): StandingState | undefined {
  if (standing === null || survivorId === null || standingSince === null) return undefined;
  return { standing, survivorId, since: standingSince.toISOString() };
}
