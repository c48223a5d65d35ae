package io.camure.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

class SystemNameTest {

    @Test
    void aNameIsReadAndWritten() {
        for (String name : Set.of(
                "camure-nio",
                "camure-nio+aot",
                "jgroups-udp:no-bundler.all-direct",
                "jgroups-udp@17",
                "jgroups-udp:no-bundler.all-direct@17+cds")) {
            assertThat(SystemName.parse(name)).hasToString(name);
        }
        assertThat(SystemName.parse("a:b.c@17+cds")).isEqualTo(new SystemName("a", "b.c", "17", Start.CDS));
    }

    @Test
    void aNameOfAnotherFormIsRefused() {
        assertThatThrownBy(() -> SystemName.parse("a:b:c")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SystemName.parse("a+warm")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void eachConfigurationOfEachFamilyIsKnownToIt() {
        for (String family : Contenders.families()) {
            for (SystemName system : Contenders.familyNamed(family)) {
                assertThat(Contenders.familyOf(system).name()).isEqualTo(family);
                if (!family.equals("bare-linux")) {
                    assertThat(Contenders.named(system).works()).isNotEmpty();
                }
            }
        }
    }

    @Test
    void collectivesAreDoneByThoseThatHaveThem() {
        assertThat(Contenders.families())
                .filteredOn(family -> Contenders.familyNamed(family).stream()
                        .anyMatch(system -> Contenders.canDo(system, Work.ALLREDUCE)))
                .contains("camure-nio", "camure-linux", "sealed-camure-nio", "hazelcast", "redis", "openmpi")
                .doesNotContain("jgroups-udp", "aeron-mcast", "bare-nio");
        assertThat(Contenders.canDo(SystemName.parse("hazelcast:map"), Work.BARRIER))
                .isFalse();
        assertThat(Contenders.canDo(SystemName.parse("redis:topic.batch"), Work.ALLREDUCE))
                .isFalse();
        assertThat(Contenders.canDo(SystemName.parse("bare-nio"), Work.ALLGATHER))
                .isTrue();
    }

    @Test
    void aConfigurationWithAWordThatNobodyKnowsIsRefused() {
        assertThatThrownBy(() -> Contenders.matching("jgroups-udp:no-bundle"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no-bundle");
        assertThatThrownBy(() -> Contenders.matching("jgroup")).hasMessageContaining("there is no system 'jgroup'");
    }

    @Test
    void aWordMeansAFamilySeveralOrASingleConfiguration() {
        assertThat(Contenders.matching("jgroups"))
                .extracting(SystemName::family)
                .containsOnly("jgroups-udp", "jgroups-tcp");
        assertThat(Contenders.matching("camure-nio")).hasSize(1);
        assertThat(Contenders.matching("jgroups-udp:no-bundler.platform")).hasSize(1);
    }
}
