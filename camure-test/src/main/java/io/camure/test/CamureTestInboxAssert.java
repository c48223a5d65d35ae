package io.camure.test;

import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on what a peer has received so far; {@link CamureTestInbox#awaitMessages} waits for it. */
public final class CamureTestInboxAssert extends AbstractAssert<CamureTestInboxAssert, CamureTestInbox> {

    CamureTestInboxAssert(@Nullable CamureTestInbox actual) {
        super(actual, CamureTestInboxAssert.class);
    }

    /** That exactly these texts were received, in this order. */
    public CamureTestInboxAssert hasReceived(String... texts) {
        texts().containsExactly(texts);
        return this;
    }

    public CamureTestInboxAssert hasReceivedNothing() {
        texts().isEmpty();
        return this;
    }

    /** For assertions on all texts that were received. */
    public ListAssert<String> texts() {
        isNotNull();
        return Assertions.assertThat(
                        actual.messages().stream().map(ReceivedMessage::text).toList())
                .as("messages received by %s", actual);
    }
}
