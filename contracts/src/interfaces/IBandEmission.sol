// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Band} from "../libraries/Band.sol";
import {NetworkId} from "../types/NetworkId.sol";
import {IEmission} from "./IEmission.sol";

/// @notice What a band is made with. Nothing of it ever changes.
struct BandTerms {
    NetworkId network; // one that is still to be created: its id follows from creator and salt
    address networks;
    address credits;
    address token; // an IRemintable whose reminter is the band
    address treasury; // gets what is above the cap; better one from which nobody gains alone, since a spending brings the cap into force
    IEmission base; // a fixed schedule; its total is the band's from deployment on
    Band.Limits limits;
}

/// @notice Emission of one network between a floor and a cap that follow what its customers pay (spec 7, Burn-bounded emission): before epoch e it is the sum of
///         base + reEmitted + topUp − overflow of the epochs before e. What is emitted beyond the base was burned before, for service: it is minted again by the token's own rule.
///         The band holds the base's total and streams it: `advance` sends what the epochs that are over emit to the network's reserve and their overflow to the treasury.
/// @dev Who can do what: anybody can call `advance`, and anybody can spend credits; nobody can stop it, take from it, or change a number of an epoch that is over.
///      Trusted are the deployment's Networks and Credits, the token's rule and the base. Roots and payouts do not wait for `advance`: what the reserve lacks it owes.
interface IBandEmission is IEmission {
    /// @param base of the schedule, for the epochs first to next − 1
    event Advanced(uint32 first, uint32 next, uint256 base, uint256 reminted, uint256 overflow);

    error LimitsInvalid(string field, uint256 value);
    /// @dev A token that names nobody or another as its reminter, or that knows no reminter (then it is zero).
    error ReminterDiffers(address token, address reminter);
    error BaseNotFunded(uint256 balance, uint256 total);
    error NetworkDiffers(NetworkId network);
    /// @dev What customers pay in it is not known yet.
    error EpochNotOver(uint32 epoch, uint32 current);

    /// @notice Takes in epochs that are over, at most `limit` steps, and pays what they emit. A step is an epoch, or a stretch in which nothing was paid and no burn is left to emit.
    /// @return next the first epoch that is still to be taken in
    function advance(uint256 limit) external returns (uint32 next);

    /// @notice The first epoch that is still to be taken in.
    function nextEpoch() external view returns (uint32);
    /// @notice The smoothed burn at the end of the last epoch that was taken in.
    function smoothedBurn() external view returns (uint256);
    /// @notice What `cumulative(epoch)` is made of: base + reminted − overflow.
    function partsBefore(uint32 epoch)
        external
        view
        returns (uint256 base, uint256 reminted, uint256 overflow);
    function terms() external view returns (BandTerms memory);
}
