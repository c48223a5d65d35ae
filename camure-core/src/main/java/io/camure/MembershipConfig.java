package io.camure;

/** Which group a member joins, and how long it waits in it. Immutable. */
public final class MembershipConfig extends GroupSettings {

    private final Builder settings;

    private MembershipConfig(Builder settings) {
        super(settings);
        this.settings = settings;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Begins with these settings; they themselves stay as they are. */
    public Builder toBuilder() {
        return settings.copy();
    }

    /** Collects settings; each setter refuses null and what is out of range with an {@link IllegalArgumentException}. */
    public static final class Builder extends GroupSettings.Builder<Builder> {

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /** @throws IllegalArgumentException when there is neither an id nor a name, by which a member joins a group */
        public MembershipConfig build() {
            MembershipConfig config = new MembershipConfig(copy());
            if (config.id().isEmpty() && config.name().isEmpty()) {
                throw new IllegalArgumentException(
                        "the group has neither an id nor a name, by which a member joins it");
            }
            return config;
        }
    }
}
