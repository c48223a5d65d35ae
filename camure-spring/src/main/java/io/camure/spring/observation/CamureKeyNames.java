package io.camure.spring.observation;

import io.micrometer.common.docs.KeyName;

/** The keys that observations have. */
public final class CamureKeyNames {

    private CamureKeyNames() {}

    /** Keys with few values, which also become tags of meters. */
    public enum LowCardinality implements KeyName {

        /** {@code camure}. */
        SYSTEM {
            @Override
            public String asString() {
                return "messaging.system";
            }
        },

        /** {@code process} or {@code send}. */
        OPERATION {
            @Override
            public String asString() {
                return "messaging.operation";
            }
        },

        /** The name of the group. */
        GROUP {
            @Override
            public String asString() {
                return "messaging.destination.name";
            }
        },

        /** The id of the listener. */
        LISTENER {
            @Override
            public String asString() {
                return "camure.listener.id";
            }
        }
    }

    /** Keys with any number of values, which only traces have. */
    public enum HighCardinality implements KeyName {

        /** What this node calls itself. */
        NODE {
            @Override
            public String asString() {
                return "camure.node";
            }
        }
    }
}
