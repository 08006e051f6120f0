/** Strava's sport types, the frequent ones first. */
export const SPORT_TYPES: readonly string[] =
  ("Run,TrailRun,VirtualRun,Walk,Hike,Ride,GravelRide,MountainBikeRide,VirtualRide,EBikeRide," +
    "EMountainBikeRide,Swim,Workout,WeightTraining,Yoga,AlpineSki,BackcountrySki,Badminton," +
    "Basketball,Canoeing,Cricket,Crossfit,Dance,Elliptical,Golf,Handcycle," +
    "HighIntensityIntervalTraining,IceSkate,InlineSkate,Kayaking,Kitesurf,NordicSki,Padel," +
    "PhysicalTherapy,Pickleball,Pilates,Racquetball,RockClimbing,RollerSki,Rowing,Sail,Skateboard,Snowboard," +
    "Snowshoe,Soccer,Squash,StairStepper,StandUpPaddling,Surfing,TableTennis,Tennis,Velomobile," +
    "VirtualRow,Volleyball,Wheelchair,Windsurf").split(",");
