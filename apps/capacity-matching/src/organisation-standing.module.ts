import { Module } from '@nestjs/common';
import { OrganisationStandingFeed } from './organisation-standing.reactor';

@Module({ controllers: [OrganisationStandingFeed] })
export class OrganisationStandingModule {}
