package io.camure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What nodes are called that nobody has named. */
class NodeNamesTest {

    @ParameterizedTest
    @CsvSource({
        "orders, web-1, orders-web-1",
        "orders, orders-5d8f9c7b6-x2k4q, orders-5d8f9c7b6-x2k4q",
        "orders, orders, orders-orders",
        "order, orders-1, order-orders-1"
    })
    void aPodsNameTellsInstancesApart(String what, String host, String name) {
        assertThat(NodeNames.distinct(what, host)).isEqualTo(name);
    }

    @Test
    void whatTellsInstancesApartIsNotCutOff() {
        String host = "a-pod-with-a-long-name-of-a-stateful-set-12345678-x2k4q";

        assertThat(NodeNames.distinct("orders-and-more", host)).isEqualTo(host);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void elsewhereFourRandomDigitsDo(String host) {
        assertThat(NodeNames.distinct("orders", host)).matches("orders-[0-9a-f]{4}");
    }

    @Test
    void nodesWithoutANameGetADistinctOne() {
        assertThat(CoordinatorConfig.defaults().name()).matches("coordinator-.+|.*" + System.getenv("HOSTNAME"));
        assertThat(MemberConfig.builder().build().name()).matches("member-.+|.*" + System.getenv("HOSTNAME"));
    }
}
