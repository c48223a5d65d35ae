package io.camure.spring.collective;

import io.camure.CollectiveConfig;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the values of one collective are, and what becomes of them. What the configuration names is looked for among the beans of the
 * application when it is first asked for. Thread-safe.
 */
final class CollectiveValues {

    private final @Nullable CollectiveSettings settings;

    /** Guarded by this, as the next one. */
    private @Nullable CollectiveBeans beans;

    private @Nullable CollectiveConfig<?> config;

    CollectiveValues(CollectiveSettings settings) {
        this.settings = settings;
    }

    /** Those of a group that the application adds while it runs. */
    CollectiveValues(CollectiveConfig<?> config) {
        settings = null;
        this.config = config;
    }

    /** What the values are; {@code null} where only the application's code says that. */
    @Nullable
    Class<?> payloadType() {
        return settings == null ? null : settings.payloadType();
    }

    /** Has the beans looked for there. */
    synchronized void lookIn(CollectiveBeans known) {
        beans = known;
    }

    /** @throws io.camure.spring.CamureConfigurationException when what the configuration names is not there, or does not fit */
    synchronized CollectiveConfig<?> config() {
        CollectiveConfig<?> known = config;
        if (known == null) {
            known = Objects.requireNonNull(beans, "nobody has said where the application's beans are")
                    .config(Objects.requireNonNull(settings));
            config = known;
        }
        return known;
    }
}
