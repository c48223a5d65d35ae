package io.camure.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.camure.Node;
import io.camure.spring.election.CoordinatorRecord;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a Lease names a node and its address. */
class HolderIdentityTest {

    @ParameterizedTest
    @CsvSource({"orders-0, 10.0.0.1", "a@b#c:9, 10.0.0.1", "orders, 2001:db8::7"})
    void whatIsWrittenIsRead(String name, String host) throws UnknownHostException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), 7400);
        String identity = HolderIdentity.of(new CoordinatorRecord(0, new Node(name, address, 0), address));
        CoordinatorRecord read = HolderIdentity.read(identity, 7);

        assertThat(read.node().name()).isEqualTo(name);
        assertThat(read.address()).isEqualTo(address);
        assertThat(read.term()).isEqualTo(7);
    }

    @Test
    void itIsAnotherOneEachTime() {
        InetSocketAddress address = new InetSocketAddress("10.0.0.1", 7400);
        CoordinatorRecord candidate = new CoordinatorRecord(0, new Node("orders", address, 0), address);

        assertThat(HolderIdentity.of(candidate)).isNotEqualTo(HolderIdentity.of(candidate));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "somebody", "a@b", "a:1", "a@10.0.0.1:x"})
    void anythingElseIsRefused(String identity) {
        assertThatIllegalArgumentException().isThrownBy(() -> HolderIdentity.read(identity, 1));
    }
}
