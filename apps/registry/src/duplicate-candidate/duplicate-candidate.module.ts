import { Module } from '@nestjs/common';
import { DuplicateCandidateController } from './duplicate-candidate.http';

@Module({ controllers: [DuplicateCandidateController] })
export class DuplicateCandidateModule {}
