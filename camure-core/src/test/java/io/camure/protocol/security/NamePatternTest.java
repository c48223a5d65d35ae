package io.camure.protocol.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which names in certificates are admitted, by the rules of RFC 9525. */
class NamePatternTest {

    @ParameterizedTest
    @CsvSource({
        "orders.batch.example, orders.batch.example, true",
        "orders.batch.example, ORDERS.Batch.example, true",
        "Orders.batch.example, orders.batch.example, true",
        "*.batch.example, orders.batch.example, true",
        "orders.batch.example, *.batch.example, true",
        "*.batch.example, *.batch.example, true",
        "*.batch.example, batch.example, false",
        "*.batch.example, a.orders.batch.example, false",
        "*.batch.example, orders.batch.example.evil, false",
        "*.batch.example, orders.notbatch.example, false",
        "*.batch.example, ordersbatch.example, false",
        "*.batch.example, .batch.example, false",
        "*.example, *.batch.example, false",
        "*.batch.example, *.example, false",
        "orders.batch.example, orders, false",
        "orders.batch.example, prices.batch.example, false",
        "orders.batch.example, o*.batch.example, false",
    })
    void aWildcardStandsForTheWholeFirstLabel(String pattern, String presented, boolean admitted) {
        assertThat(NamePattern.of(pattern).matches(presented)).isEqualTo(admitted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "*", "*.", "o*.batch.example", "a.*.example", "a..b", ".example", "a b", "https://a.example"
            })
    void whatIsNoSuchPatternIsRefused(String written) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NamePattern.of(written))
                .withMessageContaining("'" + written + "'")
                .withMessageContaining("*.batch.example");
    }

    @Test
    void aNameIsAtMostAsLongAsDnsHasThem() {
        String label = "a".repeat(63);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> NamePattern.of(String.join(".", label, label, label, label)));
    }
}
