import { Module } from '@nestjs/common';
import { KnownOrganisationController } from './known-organisation.http';
import { KnownOrganisationFeed } from './known-organisation.read-model';

@Module({ controllers: [KnownOrganisationController, KnownOrganisationFeed] })
export class KnownOrganisationsModule {}
