//! Repository port of quality reviews: samples of replies, scorecards, and their results.

use super::{CrmError, StoreFuture};
use crate::domain::ids::ReviewId;
use crate::domain::quality::{QualityReport, QualityReview, ReviewsRequest, SampleRequest, SampledReply};
use crate::domain::reports::ReportRange;

/// Scorecards are stored by actions of staff (`StaffActions`).
pub trait QualityReviews: Send + Sync {
    /// Random replies that no one has reviewed and that customers got.
    fn sample(&self, request: SampleRequest) -> StoreFuture<Result<Vec<SampledReply>, CrmError>>;
    /// Scorecards, newest first.
    fn reviews(&self, request: ReviewsRequest) -> StoreFuture<Result<Vec<QualityReview>, CrmError>>;
    fn review(&self, id: ReviewId) -> StoreFuture<Result<Option<QualityReview>, CrmError>>;
    /// The results of replies that were written in the range, of one snapshot.
    fn results(&self, range: ReportRange) -> StoreFuture<Result<QualityReport, CrmError>>;
}
