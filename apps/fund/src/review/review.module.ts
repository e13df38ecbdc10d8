import { Module } from '@nestjs/common';
import { ReviewController, ReviewTaskController } from './review.http';

@Module({ controllers: [ReviewController, ReviewTaskController] })
export class ReviewModule {}
