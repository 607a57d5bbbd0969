using Hanzo.Sessions.StoreTests.BrokenStores;
using NUnit.Framework.Interfaces;

namespace Hanzo.Sessions.StoreTests;

/// <summary>The contract is worth something only if a store that breaks it fails.</summary>
public sealed class ContractTests
{
    [TestCase(typeof(PlainStore))]
    [TestCase(typeof(ClockedStore))]
    public void A_store_that_keeps_the_contract_passes_every_fact(Type store)
    {
        var results = ContractRunner.Run(store);

        Assert.That(results, Has.Count.GreaterThan(200), "as PROOF.md and docs/WriteAStore.md say");
        Assert.That(results.Where(result => result.ResultState.Status != TestStatus.Passed).Select(Describe), Is.Empty);
    }

    [TestCase(typeof(LookupFaults.SharesAnswers), "Lookups_at_once_each_find_their_own_session")]
    [TestCase(typeof(TouchFaults.RevivesOnTouch), "An_activity_revives_no_ended_session")]
    [TestCase(typeof(TouchFaults.ReadsThenWritesTouches), "An_activity_does_not_save_a_session_from_being_terminated")]
    [TestCase(typeof(TouchFaults.TouchesBackwards), "The_last_activity_never_moves_backwards")]
    [TestCase(typeof(TouchFaults.WritesTouchesThatAreNotDue), "Of_activities_that_saw_the_same_last_one_the_first_is_written_and_all_are_of_an_active_session")]
    [TestCase(typeof(PlaceFaults.RevivesOnMove), "A_move_revives_no_ended_session")]
    [TestCase(typeof(PlaceFaults.MovesWhateverWasRead), "A_move_is_written_only_if_the_session_has_not_moved_since_it_was_read")]
    [TestCase(typeof(PlaceFaults.ReadsThenMoves), "Of_moves_that_saw_one_place_one_is_written")]
    [TestCase(typeof(PlaceFaults.ReadsThenWritesMoves), "A_move_does_not_save_a_session_from_being_terminated")]
    [TestCase(typeof(PlaceFaults.MovesTheSessionsOfOthers), "A_move_of_an_unknown_session_or_of_another_users_changes_nothing")]
    [TestCase(typeof(PlaceFaults.ProlongsByPassiveMoves), "A_move_that_is_no_activity_prolongs_nothing")]
    [TestCase(typeof(PlaceFaults.MovesActivityBackwards), "A_move_that_is_an_activity_prolongs_the_session_and_never_shortens_it")]
    [TestCase(typeof(PlaceFaults.ForgetsTheUseAtTheEnd), "A_move_can_end_its_session_and_history_keeps_where_it_was_used")]
    [TestCase(typeof(PlaceFaults.WritesMovesInsteadOfEndingSessions), "Of_moves_at_once_that_end_their_session_one_ends_it")]
    [TestCase(typeof(PlaceFaults.CountsTheAlarmBeforeTheTurn), "Moves_and_creates_at_once_cross_the_threshold_of_the_alarm_once")]
    [TestCase(typeof(PlaceFaults.CountsTheLastNetworkOnly), "Users_are_listed_by_the_networks_of_the_sign_ins_and_of_the_last_uses")]
    [TestCase(typeof(PlaceFaults.CountsTheNetworkOfTheSignInOnly), "A_create_counts_the_networks_from_which_sessions_were_used_last")]
    [TestCase(typeof(PlaceFaults.FiltersByTheAddressOfTheSignInOnly), "A_filter_by_address_selects_sessions_that_were_signed_in_there_or_used_there_last")]
    [TestCase(typeof(PlaceFaults.FiltersByTheLastAddressOnly), "A_filter_by_address_selects_sessions_that_were_signed_in_there_or_used_there_last")]
    [TestCase(typeof(ForgettingFaults.LeavesHistory), "Forgetting_a_user_ends_the_sessions_and_removes_them_and_the_history")]
    [TestCase(typeof(ForgettingFaults.LeavesWhatEndsAtThatMoment), "Forgetting_a_user_removes_also_what_is_ended_elsewhere_at_that_moment")]
    [TestCase(typeof(ForgettingFaults.TakesTheTimedOutForActive), "A_session_is_forgotten_as_active_up_to_its_last_millisecond")]
    [TestCase(typeof(ForgettingFaults.ReportsTheHistoryAgain), "Forgetting_a_user_ends_the_sessions_and_removes_them_and_the_history")]
    [TestCase(typeof(ForgettingFaults.ForgetsTheNamesakesElsewhere), "Forgetting_a_user_leaves_all_others")]
    [TestCase(typeof(ForgettingFaults.CreatesForgottenIds), "The_id_of_a_forgotten_session_whose_history_must_be_kept_is_not_created_again")]
    [TestCase(typeof(ForgettingFaults.ForgetsIdsOfEndedSessions), "The_id_of_a_forgotten_session_whose_history_must_be_kept_is_not_created_again")]
    [TestCase(typeof(ForgettingFaults.KeepsIdsForever), "Purges_of_a_few_remove_all_ids_in_time")]
    [TestCase(typeof(ForgettingFaults.PurgesIdsWithTheHistory), "The_id_of_a_forgotten_session_is_purged_at_the_instant_until_which_its_history_was_to_be_kept")]
    [TestCase(typeof(CreationFaults.CountsThenInserts), "Of_64_creates_for_10_places_exactly_10_get_one")]
    [TestCase(typeof(CreationFaults.CountsTimedOutToLimit), "A_session_counts_to_the_limit_until_the_instant_it_times_out")]
    [TestCase(typeof(CreationFaults.LeavesTimedOutToLateActivities), "What_has_timed_out_ends_when_it_is_not_counted_so_that_no_late_activity_takes_the_user_beyond_the_limit")]
    [TestCase(typeof(CreationFaults.LeavesThePresentedToLateActivities), "A_presented_session_that_has_timed_out_ends_by_that_whoever_it_belongs_to")]
    [TestCase(typeof(CreationFaults.EndsTimedOutOnlyUnderTheLimitOfAUser), "What_has_timed_out_ends_when_it_is_not_counted_so_that_no_late_activity_takes_the_user_beyond_the_limit")]
    [TestCase(typeof(CreationFaults.EndsTimedOutWhenItRefuses), "A_refusal_ends_nothing_that_has_timed_out")]
    [TestCase(typeof(CreationFaults.CountsOtherOrganizationsToLimit), "The_sessions_of_others_do_not_count_to_the_limit")]
    [TestCase(typeof(CreationFaults.EvictsOnlyOne), "When_the_limit_was_lowered_as_many_end_as_it_takes")]
    [TestCase(typeof(CreationFaults.ReplacesWhenItRefuses), "A_refusal_changes_nothing")]
    [TestCase(typeof(CreationFaults.CancelsHalfway), "A_cancelled_create_has_done_everything_or_nothing")]
    [TestCase(typeof(TerminationFaults.TerminatesAllButOne), "All_sessions_of_a_user_end_and_each_is_reported_once")]
    [TestCase(typeof(TerminationFaults.TerminatesInOtherOrganizations), "An_organization_ends_alone_and_all_organizations_end_only_when_somebody_says_so")]
    [TestCase(typeof(TerminationFaults.EndsTheOthersOfAProtectedSession), "When_the_protected_session_is_selected_nothing_ends")]
    [TestCase(typeof(TerminationFaults.EndsProtectedSession), "When_the_protected_session_is_selected_nothing_ends")]
    [TestCase(typeof(TerminationFaults.OverwritesEnds), "Ending_twice_ends_nothing_more_and_the_first_end_stays")]
    [TestCase(typeof(TerminationFaults.LeavesTimedOutToLateActivities), "An_activity_in_flight_does_not_prolong_a_session_that_was_to_be_ended_just_after_its_time_was_up")]
    [TestCase(typeof(TerminationFaults.EndsTimedOutOfOthers), "Whoever_is_selected_and_has_timed_out_ends_by_that_so_that_no_late_activity_prolongs_it")]
    [TestCase(typeof(TerminationFaults.GivesUpWhenARowHasChanged), "All_of_a_users_sessions_end_also_when_one_is_ended_elsewhere_meanwhile")]
    [TestCase(typeof(RotationFaults.KeepsOldToken), "A_rotated_session_has_the_new_token_and_the_old_one_is_dead")]
    [TestCase(typeof(RotationFaults.RotatesForEverybody), "Of_parallel_rotations_of_one_token_exactly_one_succeeds")]
    [TestCase(typeof(RotationFaults.ReplacesWhateverPayload), "A_payload_that_has_changed_since_it_was_read_is_not_replaced")]
    [TestCase(typeof(RotationFaults.ReplacesThePayloadOfEndedSessions), "A_payload_can_be_replaced_up_to_the_last_millisecond_of_its_session")]
    [TestCase(typeof(TerminationFaults.EndsWhatHasANewToken), "An_end_can_depend_on_the_token_and_on_the_payload")]
    [TestCase(typeof(TerminationFaults.EndsWhatHasANewPayload), "An_end_can_depend_on_the_token_and_on_the_payload")]
    [TestCase(typeof(TerminationFaults.KeepsPayloads), "An_ended_session_is_found_without_its_payload")]
    [TestCase(typeof(CreationFaults.CutsMilliseconds), "Every_field_comes_back_as_it_was_given")]
    [TestCase(typeof(ExpiryFaults.ActiveAtItsLastInstant), "Only_active_sessions_are_listed_and_counted")]
    [TestCase(typeof(ExpiryFaults.ReportsExpiryTwice), "Clean_ups_that_run_at_once_end_every_session_once")]
    [TestCase(typeof(ExpiryFaults.LosesExpiriesWhenCancelled), "A_cancelled_clean_up_has_done_everything_or_nothing")]
    [TestCase(typeof(ExpiryFaults.EndsTimeoutsNow), "An_idle_session_ends_at_the_instant_its_time_was_up")]
    [TestCase(typeof(ExpiryFaults.PurgesWhatMustBeKept), "History_that_must_be_kept_is_kept_until_its_instant")]
    [TestCase(typeof(ListFaults.ListsEndedSessions), "Only_active_sessions_are_listed_and_counted")]
    [TestCase(typeof(ListFaults.ListsTimedOutSessions), "Only_active_sessions_are_listed_and_counted")]
    [TestCase(typeof(ListFaults.ListsOtherOrganizations), "A_list_shows_what_its_filter_selects")]
    [TestCase(typeof(ListFaults.BreaksNoTies), "Sessions_come_in_every_order_and_ties_go_by_id")]
    [TestCase(typeof(ListFaults.LooksForTheRowOfACursor), "History_from_an_instant_begins_with_what_ended_at_it_and_leaves_out_a_millisecond_before")]
    [TestCase(typeof(ListFaults.OrdersByUtf16Units), "Text_is_ordered_by_code_point")]
    [TestCase(typeof(ListFaults.FoldsCase), "Texts_that_look_alike_are_different_users")]
    [TestCase(typeof(ListFaults.TakesPrefixesAsPatterns), "A_prefix_and_a_part_are_literal")]
    [TestCase(typeof(ClockFaults.CreatesByAnyClock), "A_create_whose_clock_is_too_far_from_the_stores_changes_nothing")]
    [TestCase(typeof(ClockFaults.TouchesByAnyClock), "An_activity_whose_clock_is_too_far_from_the_stores_changes_nothing")]
    [TestCase(typeof(ClockFaults.MovesByAnyClock), "A_move_whose_clock_is_too_far_from_the_stores_changes_nothing")]
    [TestCase(typeof(ClockFaults.ForgetsByAnyClock), "No_user_is_forgotten_by_a_clock_that_is_too_far_from_the_stores")]
    [TestCase(typeof(ClockFaults.RotatesByAnyClock), "A_rotation_whose_clock_is_too_far_from_the_stores_changes_nothing")]
    [TestCase(typeof(ClockFaults.ReplacesPayloadsByAnyClock), "A_new_payload_whose_clock_is_too_far_from_the_stores_changes_nothing")]
    [TestCase(typeof(ClockFaults.TerminatesByAnyClock), "A_termination_whose_clock_is_too_far_from_the_stores_changes_nothing")]
    [TestCase(typeof(ClockFaults.ExpiresByAnyClock), "Nothing_times_out_by_a_clock_that_is_too_far_from_the_stores")]
    [TestCase(typeof(ClockFaults.ExpiresBatchesByAnyClock), "Nothing_times_out_by_a_clock_that_is_too_far_from_the_stores")]
    [TestCase(typeof(ClockFaults.PurgesByAnyClock), "Nothing_is_purged_by_a_clock_that_is_too_far_from_the_stores")]
    [TestCase(typeof(ClockFaults.NeverReachesTheTolerance), "Nothing_is_purged_by_a_clock_that_is_too_far_from_the_stores")]
    [TestCase(typeof(ClockFaults.LooksOnlyForClocksThatAreBehind), "Nothing_times_out_by_a_clock_that_is_too_far_from_the_stores")]
    [TestCase(typeof(ClockFaults.AllowsNoDifference), "Within_the_tolerance_every_step_is_done")]
    [TestCase(typeof(ClockFaults.RefusesAfterTheStep), "A_create_whose_clock_is_too_far_from_the_stores_changes_nothing")]
    [TestCase(typeof(ClockFaults.ShowsTheTimeOfAnotherCall), "Lookups_at_once_each_show_a_time_of_their_own_call")]
    public void The_contract_catches(Type brokenStore, string fact)
    {
        var results = ContractRunner.Run(brokenStore);
        var failed = results.Where(result => result.ResultState.Status == TestStatus.Failed).Select(result => result.Test.MethodName).ToList();
        TestContext.Out.WriteLine($"{failed.Count} of {results.Count} failed: {string.Join(", ", failed)}");

        Assert.That(failed, Does.Contain(fact));
    }

    private static string Describe(ITestResult result) => $"{result.Name}: {result.ResultState} {result.Message}";
}
