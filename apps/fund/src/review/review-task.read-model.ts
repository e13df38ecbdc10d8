import type { RecordedEvent } from '@alliance/event-sourcing';
import { type KeysetOrder, keysetPage, type Projection } from '@alliance/read-models';
import { Column, Entity, type EntityManager, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { type GrantEvent, grantEvents } from '../grant/grant.events';

/** What a reviewer is told of a grant before anything is declared. */
@Entity('reviewed_grant')
export class ReviewedGrant {
  @PrimaryColumn('uuid')
  readonly id: string;
  /** Who applied, by the id of that day. */
  @Column('uuid', { name: 'applicant_id' })
  readonly applicantId: string;
  @Column('text')
  readonly title: string;
  /** From the formal check until a decision is proposed. */
  @Column('boolean', { name: 'is_in_review' })
  readonly isInReview: boolean;
}

/** Somebody was asked to review a grant. */
@Entity('review_task')
export class ReviewTask {
  @PrimaryColumn('uuid', { name: 'grant_id' })
  readonly grantId: string;
  @PrimaryColumn('text')
  readonly subject: string;
  @ManyToOne(() => ReviewedGrant)
  @JoinColumn({ name: 'grant_id' })
  readonly grant: ReviewedGrant;
  @Column('timestamptz', { name: 'assigned_at' })
  readonly assignedAt: Date;
  /** Until others are asked instead. */
  @Column('boolean', { name: 'is_assigned' })
  readonly isAssigned: boolean;
  /** Of the review of the last submission. */
  @Column('timestamptz', { name: 'submitted_at', nullable: true })
  readonly submittedAt: Date | null;
  @Column('boolean', { name: 'is_conflicted' })
  readonly isConflicted: boolean;
}

/** Who is asked for which review, and who has given it. */
export const reviewTasks: Projection = {
  name: 'review-tasks',
  tables: ['review_task', 'reviewed_grant'],
  catalogues: [grantEvents],
  async apply(tx, events) {
    for (const event of events) await applyOne(tx, event as RecordedEvent & GrantEvent);
  },
};

async function applyOne(tx: EntityManager, event: RecordedEvent & GrantEvent): Promise<void> {
  const id = grantEvents.category.idOf(event.streamName);
  const at = event.metadata.occurredAt;
  const isInReview = (is: boolean) => tx.query('UPDATE reviewed_grant SET is_in_review = $2 WHERE id = $1', [id, is]);
  switch (event.type) {
    case 'GrantDrafted':
      await tx.query(`INSERT INTO reviewed_grant VALUES ($1, $2, '', false)`, [id, event.data.applicantOrganisationId]);
      return;
    case 'ApplicationSubmitted': {
      const { title } = event.data.application;
      await tx.query('UPDATE reviewed_grant SET title = $2, is_in_review = false WHERE id = $1', [id, title]);
      await tx.query('UPDATE review_task SET submitted_at = NULL WHERE grant_id = $1', [id]);
      return;
    }
    case 'FormalCheckPassed':
    case 'GrantDeferred':
    case 'AwardBlocked':
      await isInReview(true);
      return;
    case 'InformationRequested':
    case 'DecisionProposed':
    case 'GrantWithdrawn':
      await isInReview(false);
      return;
    case 'ReviewersAssigned':
      await tx.query('UPDATE review_task SET is_assigned = false WHERE grant_id = $1', [id]);
      await tx.query(
        `INSERT INTO review_task SELECT $1, subject, $3, true, NULL, false FROM unnest($2::text[]) AS subject
         ON CONFLICT (grant_id, subject) DO UPDATE SET is_assigned = true`,
        [id, event.data.subjects, at],
      );
      return;
    case 'ReviewSubmitted':
      await tx.query('UPDATE review_task SET submitted_at = $3 WHERE grant_id = $1 AND subject = $2', [
        id,
        event.data.reviewedBy,
        at,
      ]);
      return;
    case 'ConflictDeclared':
      await tx.query('UPDATE review_task SET is_conflicted = true WHERE grant_id = $1 AND subject = $2', [
        id,
        event.data.subject,
      ]);
      return;
    default:
  }
}

/** Asked for, not given, and still of use. */
const isOpen = 'task.isAssigned AND NOT task.isConflicted AND task.submittedAt IS NULL AND reviewed.isInReview';

interface TasksQuery {
  readonly subject: string;
  readonly open?: boolean;
  readonly order: readonly KeysetOrder<'assignedAt'>[];
  readonly limit: number;
  readonly cursor?: string;
}

/** What one person was asked for, each with its grant. */
export function findReviewTasks(
  tx: EntityManager,
  { subject, open, ...page }: TasksQuery,
): Promise<{ items: ReviewTask[]; nextCursor?: string }> {
  const found = tx
    .createQueryBuilder(ReviewTask, 'task')
    .innerJoinAndSelect('task.grant', 'reviewed')
    .where('task.subject = :subject', { subject });
  if (open !== undefined) found.andWhere(open ? isOpen : `NOT (${isOpen})`);
  return keysetPage(found, { ...page, key: 'grantId' });
}

/** How many reviews each of them is asked for at present; who is asked for none is absent. */
export async function openReviews(
  tx: EntityManager,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const found = await tx
    .createQueryBuilder(ReviewTask, 'task')
    .innerJoin('task.grant', 'reviewed')
    .select('task.subject', 'subject')
    .addSelect('count(*)::integer', 'open')
    .where(isOpen)
    .andWhere('task.subject = ANY (:subjects)', { subjects })
    .groupBy('task.subject')
    .getRawMany<{ subject: string; open: number }>();
  return new Map(found.map(({ subject, open }) => [subject, open]));
}
