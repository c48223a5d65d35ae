package io.camure.spring.boot.autoconfigure.health;

import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.LossDescriptor;
import io.camure.spring.kind.Written;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;

/** What health tells of what a member has lost. */
final class LossDetails {

    private LossDetails() {}

    static void add(Health.Builder builder, @Nullable LossDescriptor loss) {
        if (loss == null) {
            return;
        }
        builder.withDetail("reason", loss.reason())
                .withDetail("since", loss.since().toString());
        if (loss.lastTry() != null) {
            builder.withDetail("lastTry", Written.ago(loss.lastTry()) + ": " + loss.lastFailure());
        }
        if (loss.nextTry() != null) {
            builder.withDetail("nextTry", loss.nextTry().toString());
        }
    }
}
