package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.camure.CoordinatorBarrier;
import io.camure.spring.CamureGroups;
import io.camure.spring.CamureTemplate;
import io.camure.spring.GroupMismatchException;
import io.camure.spring.barrier.StartGates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** A context and its parent, each with a session of its own: here the child is a member of what its parent coordinates. */
class ContextHierarchyTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    private static ApplicationContextRunner childOf(ApplicationContext parent) {
        return TestSession.metered(TestSession.memberOf(parent)).withParent(parent);
    }

    @Test
    void groupsAreThoseOfTheContext() {
        TestSession.metered(TestSession.coordinator())
                .run(parent -> childOf(parent).run(child -> {
                    assertThat(child).hasNotFailed();
                    CamureGroups groups = child.getBean(CamureGroups.class);
                    assertThat(groups.barrier("start-line"))
                            .isSameAs(child.getBean("start-line"))
                            .isNotInstanceOf(CoordinatorBarrier.class);
                    assertThat(groups.broadcastReceiver("files").isOpen()).isTrue();
                    assertThatExceptionOfType(GroupMismatchException.class)
                            .isThrownBy(
                                    () -> child.getBean(CamureTemplate.class).send("files", "text"));
                    assertThat(parent.getBean(CamureTemplate.class).send("files", "text"))
                            .succeedsWithin(TestSession.SOON);
                }));
    }

    @Test
    void whatShowsAndServesASessionIsInItsContext() {
        TestSession.metered(TestSession.coordinator())
                .withPropertyValues("management.endpoints.jmx.exposure.include=camure", "spring.jmx.enabled=true")
                .run(parent -> childOf(parent).run(child -> {
                    for (String name : new String[] {
                        "camureConnectionDetails",
                        "camureEndpoint",
                        "camureHealthContributor",
                        "camureJsonMessageConverter",
                        "camureListenerMeters",
                        "camureMeters"
                    }) {
                        assertThat(parent.containsLocalBean(name))
                                .as("%s at the parent", name)
                                .isTrue();
                        assertThat(child.containsLocalBean(name)).as(name).isTrue();
                    }
                }));
    }

    @Test
    void aGateIsThatOfItsContext() {
        TestSession.coordinator()
                .run(parent -> childOf(parent)
                        .withPropertyValues("camure.groups.start-line.gate=readiness")
                        .run(child -> {
                            assertThat(child).hasNotFailed();
                            assertThat(child.getBean(StartGates.class).arePassed())
                                    .isFalse();
                            assertThat(parent.getBean(StartGates.class).arePassed())
                                    .isTrue();
                            assertThat(child.getBean(ApplicationAvailability.class))
                                    .isNotSameAs(parent.getBean(ApplicationAvailability.class));
                        }));
    }
}
