package io.camure.kotlin

import io.camure.spring.CamureBarrier
import io.camure.spring.CamureBarrier.When
import io.camure.spring.boot.test.CamureTest
import io.camure.test.CamureTestCoordinator
import io.smallrye.mutiny.Multi
import io.smallrye.mutiny.Uni
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.future.asCompletableFuture
import kotlinx.coroutines.future.future
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.springframework.beans.factory.annotation.Autowired
import org.springframework.context.annotation.Import

/** Barriers around methods whose results come as Kotlin and Mutiny have it. */
@CamureTest
@Import(AsynchronousBarrierTest.Work::class)
class AsynchronousBarrierTest {

    open class Work {

        @CamureBarrier(group = "line", `when` = When.AFTER)
        open fun deferred(): Deferred<String> = CompletableDeferred("done")

        @CamureBarrier(group = "line", `when` = When.AFTER)
        open fun flow(): Flow<String> = flow { emit("done") }

        @CamureBarrier(group = "line", `when` = When.AFTER)
        open fun uni(): Uni<String> = Uni.createFrom().item("done")

        @CamureBarrier(group = "line", `when` = When.BEFORE)
        open fun multi(): Multi<String> = Multi.createFrom().item("done")
    }

    @Autowired
    lateinit var work: Work

    @Autowired
    lateinit var coordinator: CamureTestCoordinator

    private fun assertWaits(result: CompletableFuture<out Any>) {
        assertThat(result).describedAs("the coordinator has not arrived").isNotDone()
        coordinator.barrier("line").await(SOON)
        assertThat(result.get(SOON.toSeconds(), TimeUnit.SECONDS).toString()).contains("done")
    }

    @Test
    fun aDeferredIsThereWhenAllHaveArrived() {
        assertWaits(work.deferred().asCompletableFuture())
    }

    @Test
    fun aFlowEndsWhenAllHaveArrived() {
        assertWaits(CoroutineScope(Dispatchers.Unconfined).future { work.flow().toList() })
    }

    @Test
    fun aUniIsThereWhenAllHaveArrived() {
        assertWaits(work.uni().subscribeAsCompletionStage())
    }

    @Test
    fun aMultiBeginsWhenAllHaveArrived() {
        assertWaits(work.multi().collect().asList().subscribeAsCompletionStage())
    }

    private companion object {

        val SOON: Duration = Duration.ofSeconds(30)
    }
}
