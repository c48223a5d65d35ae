package io.camure.kotlin

import io.camure.Collective
import io.camure.Outcome
import io.camure.spring.CamureBarrier
import io.camure.spring.CamureReducer
import io.camure.spring.boot.test.CamureTest
import io.camure.test.CamureTestCoordinator
import java.util.concurrent.TimeUnit
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.springframework.beans.factory.annotation.Autowired
import org.springframework.context.annotation.Import

/** Collectives of an application in Kotlin: numbers are its own, and parameters have defaults. */
@CamureTest
@Import(CollectiveTest.Work::class)
class CollectiveTest {

    open class Work {

        @CamureReducer("versions")
        open fun multiply(one: Long, other: Long): Long = one * other

        @CamureBarrier(group = "versions", contribute = "#version")
        open fun migrate(version: Long, product: Outcome<Long>? = null): Long = product!!.value
    }

    @Autowired
    lateinit var work: Work

    @Autowired
    lateinit var versions: Collective<Long>

    @Autowired
    lateinit var coordinator: CamureTestCoordinator

    @Test
    fun aFunctionReducesNumbers() {
        val there = coordinator.collective<Long>("versions").allReduceAsync(6L)
        assertThat(versions.allReduce(7L).value).isEqualTo(42L)
        assertThat(there.get(30, TimeUnit.SECONDS).value).isEqualTo(42L)
    }

    @Test
    fun aFunctionGetsTheOutcomeInAParameterThatItsCallersLeaveOut() {
        coordinator.collective<Long>("versions").allReduceAsync(6L)
        assertThat(work.migrate(7L)).isEqualTo(42L)
    }
}
