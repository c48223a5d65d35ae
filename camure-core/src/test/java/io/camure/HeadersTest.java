package io.camure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers as users make and read them. */
class HeadersTest {

    private static final String TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final Instant TIME = Instant.parse("2026-12-01T04:16:00.123456Z");

    private final Headers all = Headers.builder()
            .contentType("application/json")
            .type("rate")
            .messageId("m-1")
            .key("EUR/USD")
            .sender("gate")
            .sent(TIME)
            .expiry(TIME.plusSeconds(1))
            .traceparent(TRACEPARENT)
            .header("tenant", "acmé")
            .header("signature", new byte[] {1, 2})
            .build();

    @Test
    void eachIsThereByItsMethodAndByItsName() {
        assertThat(all.contentType()).contains("application/json");
        assertThat(all.type()).contains("rate").isEqualTo(all.get(Headers.TYPE));
        assertThat(all.messageId()).contains("m-1");
        assertThat(all.key()).contains("EUR/USD");
        assertThat(all.sender()).contains("gate");
        assertThat(all.sent()).contains(TIME);
        assertThat(all.expiry()).contains(TIME.plusSeconds(1));
        assertThat(all.traceparent()).contains(TRACEPARENT);
        assertThat(all.get("tenant")).contains("acmé");
        assertThat(all.bytes("signature"))
                .hasValueSatisfying(bytes -> assertThat(bytes).containsExactly(1, 2));
        assertThat(all.get("signature")).as("bytes are no text").isEmpty();
        assertThat(all.get("sent")).contains("2026-12-01T04:16:00.123456Z");
        assertThat(all.get("Tenant")).isEmpty();
        assertThat(all.toMap())
                .containsEntry("type", "rate")
                .containsEntry("sent", TIME)
                .containsEntry("traceparent", TRACEPARENT)
                .hasSize(10);
        assertThat(all)
                .hasToString(
                        "[contentType, type, messageId, key, sender, sent, expiry, traceparent, tenant, signature]");
    }

    @Test
    void theyAreTheSameWhenTheyAreDecoded() {
        byte[] encoded = all.encoded();

        assertThat(Headers.decode(encoded, encoded.length)).contains(all);
        assertThat(Headers.decode(Arrays.copyOf(encoded, 2 * encoded.length), encoded.length))
                .contains(all);
        assertThat(Headers.decode(encoded, encoded.length - 1)).isEmpty();
        assertThat(Headers.builder().headers(all).build()).isEqualTo(all).hasSameHashCodeAs(all);
        assertThat(Headers.builder().headers(all).type("other").build().type()).contains("other");
    }

    @Test
    void standardOnesTakeTwoBytesBesideTheirValues() {
        assertThat(Headers.of(Headers.TYPE, "rate").encoded()).hasSize(1 + 2 + 4);
        assertThat(Headers.builder().traceparent(TRACEPARENT).build().encoded()).hasSize(1 + 2 + 25);
        assertThat(Headers.NONE.isEmpty()).isTrue();
        assertThat(Headers.builder().build()).isEqualTo(Headers.NONE);
    }

    @Test
    void anErrorNamesTheLargestHeaderAndItsSize() {
        Headers.Builder builder = Headers.builder().type("rate").header("picture", new byte[4096]);

        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessageContaining("a message may have 4096")
                .withMessageContaining("'picture' with 4096 bytes");
        builder.header("picture", new byte[4096 - 6 - 1 - 2 - 8]);
        assertThat(builder.build().encoded()).hasSize(2 + 4096);
    }

    @Test
    void aNameHasTo255Bytes() {
        assertThat(Headers.of("n".repeat(255), "v").get("n".repeat(255))).contains("v");
        assertThatIllegalArgumentException().isThrownBy(() -> Headers.of("", "v"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Headers.of("é".repeat(128), "v"))
                .withMessageContaining("has 256 bytes");
    }

    @Test
    void aStandardHeaderHasAValueOfItsKind() {
        Headers.Builder builder = Headers.builder();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.header(Headers.SENT, "now"))
                .withMessageContaining("'sent' is a time");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.header(Headers.TYPE, new byte[1]));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.header("tenant", TIME));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.expiry(Instant.MAX))
                .withMessageContaining("out of range");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4BF92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what"
            })
    void whatIsNoTraceparentIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Headers.builder().traceparent(text))
                .withMessageContaining("no traceparent");
    }

    @Test
    void aMessageHasThoseThatItIsMadeWith() throws Exception {
        Message message = Message.of("hello".getBytes(UTF_8), all);

        assertThat(message.headers()).isEqualTo(all);
        assertThat(message.bytes()).asString(UTF_8).isEqualTo("hello");
        assertThat(Message.of(new byte[0]).headers()).isEqualTo(Headers.NONE);
    }
}
